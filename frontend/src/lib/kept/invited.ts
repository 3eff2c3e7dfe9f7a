/** The token of an invitation, kept for this tab while its holder signs in or registers; it never stands in an address that a server sees. */
import { text } from './shape';
import { tab } from './storage';

const KEY = 'invitation';

/** Keeps a token. */
export const keepInvitation = (token: string): void => tab.save(KEY, token);

/** The token kept, if there is one. */
export const keptInvitation = (): string | null => tab.load(KEY, text);

/** Forgets the token: it was used, or is worthless. */
export const forgetInvitation = (): void => tab.forget(KEY);
