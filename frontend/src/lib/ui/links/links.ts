/**
 * Links that carry a secret. It stands behind the `#`, which browsers keep to themselves: no server or proxy logs it. In links of
 * before it stood in the query; they still work, and the address is put right at once.
 */

/** The address of a link on this site. */
export const secretLink = (path: string, name: string, secret: string): string =>
  `${location.origin}${path}#${name}=${encodeURIComponent(secret)}`;

/** The secret that an address carries under a name, behind the `#` or, in links of before, in the query. */
export function secretIn(url: URL, name: string): string | null {
  return new URLSearchParams(url.hash.slice(1)).get(name) || url.searchParams.get(name) || null;
}

/** The same address with the secret behind the `#`; `null` where nothing is to be put right. */
export function putRight(url: URL, name: string): URL | null {
  const secret = url.searchParams.get(name);
  if (!secret) return null;
  const right = new URL(url);
  right.searchParams.delete(name);
  right.hash = `${name}=${encodeURIComponent(secret)}`;
  return right;
}
