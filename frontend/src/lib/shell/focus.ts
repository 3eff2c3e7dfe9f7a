/** Keeps the keyboard where the work is. */

/**
 * What had the focus may go with what it did, as a button that withdraws a proposal; then the nearest thing around it that is
 * still there takes the focus, and not the page as a whole. Returns the way to stop.
 */
export function keepFocus(): () => void {
  let around: HTMLElement[] = [];
  const note = (event: FocusEvent): void => {
    around = event.composedPath().filter((one) => one instanceof HTMLElement);
  };
  // Who points somewhere else has left.
  const forget = (): void => void (around = []);
  const look = (): void => {
    const { activeElement, body } = document;
    if (!around[0] || around[0].isConnected || (activeElement && activeElement !== body)) return;
    const left = around.find((one) => one.isConnected && body.contains(one) && one !== body);
    around = [];
    if (left) take(left);
  };
  const changes = new MutationObserver(look);
  changes.observe(document.body, { childList: true, subtree: true });
  document.addEventListener('focusin', note);
  document.addEventListener('pointerdown', forget);
  return () => {
    changes.disconnect();
    document.removeEventListener('focusin', note);
    document.removeEventListener('pointerdown', forget);
  };
}

function take(element: HTMLElement): void {
  if (!element.hasAttribute('tabindex')) {
    element.tabIndex = -1;
    element.addEventListener('blur', () => element.removeAttribute('tabindex'), { once: true });
  }
  element.focus({ preventScroll: true });
}
