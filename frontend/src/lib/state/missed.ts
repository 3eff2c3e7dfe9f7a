import { updated } from '$app/state';

/** A part of the app could not be fetched: a page of yesterday loads itself anew, else there is no connection. */
export async function missed(): Promise<void> {
  if (await updated.check().catch(() => false)) location.reload();
}
