/** The one polite live region of the page: what has just happened, in words. */
class Announcer {
  message = $state('');

  say(message: string): void {
    // The same words twice must be heard twice.
    this.message = message === this.message ? `${message}\u00A0` : message;
  }
}

export const announcer = new Announcer();
