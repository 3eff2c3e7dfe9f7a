import type { ClientInit, HandleClientError } from '@sveltejs/kit';

/** The page is in use: what is only nice to have, as a second web font, may come now. */
export const init: ClientInit = () => {
  const used = (): void => {
    document.documentElement.dataset['used'] = '';
  };
  for (const kind of ['pointerdown', 'keydown']) addEventListener(kind, used, { once: true });
};

/**
 * A page that does not exist is said on the page; so is a part of the app that could not be fetched, which is no fault of the
 * server's. Anything else is worth a line in the console.
 */
export const handleError: HandleClientError = ({ error, status, message }) => {
  const unreached = error instanceof TypeError && /import|module script|fetch/i.test(error.message);
  if (status !== 404 && !unreached) console.error(error);
  return { message, unreached };
};
