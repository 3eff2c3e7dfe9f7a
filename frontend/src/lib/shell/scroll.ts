/** Back to where the reader was: what a page loads after it is drawn makes it long enough only then. */

/** Longer than a slow page takes for its next part; after that nobody expects it to jump. */
const STILL_MS = 2_000;
const BY_HAND = ['wheel', 'touchstart', 'keydown', 'pointerdown'] as const;

/** Scrolls to a height and holds it while the page comes together, unless the reader moves first. */
export function scrollBack(top: number): void {
  const left = new AbortController();
  const leave = (): void => left.abort();
  let still = setTimeout(leave, STILL_MS);
  const growing = new ResizeObserver(() => {
    scrollTo({ top, behavior: 'instant' });
    clearTimeout(still);
    still = setTimeout(leave, STILL_MS);
  });
  left.signal.addEventListener('abort', () => {
    growing.disconnect();
    clearTimeout(still);
  });
  for (const moved of BY_HAND) addEventListener(moved, leave, { signal: left.signal, passive: true });
  // Tells of the present height first.
  growing.observe(document.body);
}
