/** Unsent text, kept on this device under the place it was written for. */
import { forget, load, save } from './storage';

const KEY = 'draft.';

export const loadDraft = <T>(place: string): T | null => load<T>(KEY + place);
export const saveDraft = (place: string, draft: unknown): void => save(KEY + place, draft);
export const dropDraft = (place: string): void => forget(KEY + place);
