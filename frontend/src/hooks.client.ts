import type { HandleClientError } from '@sveltejs/kit';

/** A page that does not exist is said on the page; anything else is worth a line in the console. */
export const handleError: HandleClientError = ({ error, status }) => {
  if (status !== 404) console.error(error);
};
