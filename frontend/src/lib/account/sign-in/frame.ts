/** Whether the page is shown inside another site: there a browser keeps the session's cookie from it, and nobody can be signed in. */

/** Whether two hosts are of one site, as far as names tell: the last two labels are the same. */
function sameSite(one: string, other: string): boolean {
  const site = (host: string): string => host.split('.').slice(-2).join('.');
  const isName = (host: string): boolean => /[a-z]/i.test(host) && !host.includes(':');
  return isName(one) && isName(other) ? site(one) === site(other) : one === other;
}

/** As `isForeignFrame`, for a page at `own` whose frame stands in a page at `parent`; `null` where the browser does not tell. */
export function isForeign(own: string, parent: string | null): boolean {
  if (!parent || !URL.canParse(parent)) return true;
  const [here, there] = [new URL(own), new URL(parent)];
  return here.protocol !== there.protocol || !sameSite(here.hostname, there.hostname);
}

/** Whether this page is in a frame of another site. */
export function isForeignFrame(): boolean {
  if (window.top === window.self) return false;
  const parent = location.ancestorOrigins?.[0] ?? document.referrer;
  return isForeign(location.href, parent || null);
}
