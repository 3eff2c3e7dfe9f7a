/** Paper: it unfolds nothing and waits for nobody, so all that is folded is opened, and fetched, before it is drawn. */
const opened = new Set<HTMLDetailsElement>();

/** Opens what is folded in the page. */
export function unfoldAll(): void {
  for (const fold of document.querySelectorAll<HTMLDetailsElement>('main details:not([open])')) {
    fold.open = true;
    opened.add(fold);
  }
}

/** Folds again what was opened for the paper. */
export function foldAgain(): void {
  for (const fold of opened) fold.open = false;
  opened.clear();
}
