// Generated from the server's rules: `UPDATE=1 cargo test types`. Do not edit.
import type { Role } from './types';

/** The roles; each may do what those before it may. */
export const ROLES: Role[] = ['anonymous', 'member', 'participant', 'moderator', 'mediator', 'owner', 'admin'];

/** The least role for each action that takes more than taking part. */
export const LEAST = {
  see_hidden: 'moderator',
  see_removed: 'moderator',
  moderate: 'moderator',
  sanction: 'moderator',
  decide_appeal: 'moderator',
  pause: 'moderator',
  pause_site: 'admin',
  run_rounds: 'mediator',
  set_pace: 'moderator',
  set_policy: 'owner',
  invite: 'mediator',
  appoint: 'owner',
  see_team: 'owner',
  set_visibility: 'owner',
} as const;

/** What one may be made by hand; a member is who has no role. */
export const GIVEN = ['member', 'moderator', 'mediator', 'owner'] as const;

/** What one may be made by a link. */
export const INVITED = ['participant', 'moderator', 'mediator', 'owner'] as const;
