/** The token of an invitation, kept for this tab while its holder signs in or registers; it never stands in an address that a server sees. */
const KEY = 'demarche.invitation';

/** Keeps a token. */
export function keepInvitation(token: string): void {
  try {
    sessionStorage.setItem(KEY, token);
  } catch {
    // Storage may be blocked: the link works again once its holder is signed in.
  }
}

/** The token kept, if there is one. */
export function keptInvitation(): string | null {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** Forgets the token: it was used, or is worthless. */
export function forgetInvitation(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // As above.
  }
}
