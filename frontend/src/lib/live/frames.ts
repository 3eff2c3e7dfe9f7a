/** The frames of the socket under the names this client uses; what it does not know it leaves alone. */
import type { ServerFrame as Frame } from '$lib/api/types';

export type ServerFrame = Frame;
export type EventFrame = Extract<Frame, { type: 'event' }>;
export type TallyFrame = Extract<Frame, { type: 'tally' }>;
export type PresenceFrame = Extract<Frame, { type: 'presence' }>;
export type Ack = Extract<Frame, { type: 'ack' }>;
export type Nack = Extract<Frame, { type: 'nack' }>;
