/** Any site: an address that stays on this one stays on ours. */
const HERE = 'https://here.invalid';

/** Where to go next, if it is a place on this site; else the start page. Read as browsers do, which skip tabs and line breaks. */
export function local(path: string | null): string {
  try {
    return path?.startsWith('/') && new URL(path, HERE).origin === HERE ? path : '/';
  } catch {
    return '/';
  }
}
