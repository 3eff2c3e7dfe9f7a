/** Who may do what others may, and more. */
import { LEAST, ROLES } from './rights';
import type { Role } from './wire';

/** Whether somebody of this role may do what takes more than taking part. */
export const may = (role: Role | undefined, action: keyof typeof LEAST): boolean =>
  ROLES.indexOf(role ?? 'anonymous') >= ROLES.indexOf(LEAST[action]);
