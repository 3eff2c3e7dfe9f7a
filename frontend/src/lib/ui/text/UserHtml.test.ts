import { fireEvent, render, screen } from '@testing-library/svelte';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { i18n } from '$lib/i18n/index.svelte';
import LeaveNote from './LeaveNote.svelte';
import { leaving } from './leaving.svelte';
import UserHtml from './UserHtml.svelte';

beforeAll(() => i18n.use('en'));
beforeEach(() => {
  leaving.to = null;
});

const link = (href: string): HTMLElement => {
  render(UserHtml, { html: `<p><a href="${href}"><em>there</em></a></p>` });
  return screen.getByText('there');
};

// Before the others: happy-dom moves to where a click leads, whatever is prevented.
it.each(['/points/3', 'mailto:host@example.org'])('leaves %s alone', async (href) => {
  await fireEvent.click(link(href));
  expect(leaving.to).toBeNull();
});

it('asks before a link in a text leaves the site', async () => {
  render(LeaveNote);
  // False: the browser was told not to follow it.
  expect(await fireEvent.click(link('https://example.org/a'))).toBe(false);
  expect(screen.getByText(/leads to example\.org\./)).toBeTruthy();
  const open = screen.getByRole('link', { name: /Open/ });
  expect(open.getAttribute('href')).toBe('https://example.org/a');
  expect(open.getAttribute('rel')).toBe('noopener noreferrer');
  await fireEvent.click(screen.getByRole('button', { name: 'Stay' }));
  expect(leaving.to).toBeNull();
});

it('asks for the middle button too, and not for the right one', async () => {
  const there = link('https://example.org');
  await fireEvent(there, new MouseEvent('auxclick', { bubbles: true, cancelable: true, button: 2 }));
  expect(leaving.to).toBeNull();
  await fireEvent(there, new MouseEvent('auxclick', { bubbles: true, cancelable: true, button: 1 }));
  expect(leaving.to?.host).toBe('example.org');
});
