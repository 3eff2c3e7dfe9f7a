/** Who may do what others may, and more. */
import { ROLES } from './rules';
import type { Role } from './wire';

/** Whether somebody of this role may do what it takes the other for. */
export const atLeast = (role: Role | undefined, least: Role): boolean =>
  ROLES.indexOf(role ?? 'anonymous') >= ROLES.indexOf(least);
