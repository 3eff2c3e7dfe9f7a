/** The time of this device as the page counts it: coarse, for what runs out in minutes. */

/** How often it is looked at. */
const TICK_MS = 10_000;

class Clock {
  now = $state(Date.now());

  constructor() {
    setInterval(() => this.look(), TICK_MS);
  }

  /** Looks at once: something has just happened. */
  look(): void {
    this.now = Date.now();
  }
}

export const clock = new Clock();
