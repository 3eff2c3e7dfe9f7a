import type { Author } from '$lib/api/wire';

/** Whom a line of text names: the handle stands beside the display name, wherever there is one. */
export const named = (author: Author): string =>
  author.display_name ? `${author.display_name} @${author.handle}` : author.handle;
