/** Where to go next, if it is a place on this site; else the start page. */
export function local(path: string | null): string {
  return path && /^\/(?![/\\])/.test(path) ? path : '/';
}
