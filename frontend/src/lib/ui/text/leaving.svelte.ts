const HERE = location.origin;

/** The link to another site that a reader is about to follow. */
class Leaving {
  to = $state<{ href: string; host: string } | null>(null);

  /** Asks first where a link in a text of somebody else leads to another site. */
  guard = (text: HTMLElement): (() => void) => {
    const ask = (event: MouseEvent): void => this.#ask(event);
    text.addEventListener('click', ask);
    // The middle button opens a tab without a click.
    text.addEventListener('auxclick', ask);
    return () => {
      text.removeEventListener('click', ask);
      text.removeEventListener('auxclick', ask);
    };
  };

  #ask(event: MouseEvent): void {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link || event.button > 1) return;
    if (!/^https?:$/.test(link.protocol) || link.origin === HERE) return;
    event.preventDefault();
    this.to = { href: link.href, host: link.host };
  }
}

export const leaving = new Leaving();
