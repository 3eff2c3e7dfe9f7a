import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { beforeAll, beforeEach, expect, it, vi } from 'vitest';
import * as api from '$lib/api/calls';
import { Problem } from '$lib/api/client';
import { i18n } from '$lib/i18n/index.svelte';
import SignInForm from './SignInForm.svelte';

vi.mock('$lib/api/calls', () => ({ signIn: vi.fn() }));
const signIn = vi.mocked(api.signIn);
const required = new Problem({ code: 'second_factor_required' }, 401);
const missed = new Problem(
  { code: 'unauthenticated', fields: [{ field: 'code', code: 'wrong', detail: '' }] },
  401,
);

beforeAll(() => i18n.whole());
beforeEach(() => signIn.mockReset());

const type = (label: string, value: string) =>
  fireEvent.input(screen.getByLabelText(label), { target: { value } });
const send = () => fireEvent.click(screen.getByRole('button', { name: 'Sign in' }));
const signedIn = { account: {} } as Awaited<ReturnType<typeof api.signIn>>;

async function asked(onsignedin = vi.fn()): Promise<typeof onsignedin> {
  signIn.mockRejectedValueOnce(required);
  render(SignInForm, { onsignedin });
  await type('Name', ' olena ');
  await type('Password', 'correct horse');
  await send();
  await screen.findByLabelText('Code from the app');
  return onsignedin;
}

it('asks for the code in a second step, with what was typed before', async () => {
  const onsignedin = await asked();
  const field = screen.getByLabelText('Code from the app');
  expect(document.activeElement).toBe(field);
  expect(field.getAttribute('autocomplete')).toBe('one-time-code');
  expect(field.getAttribute('inputmode')).toBe('numeric');
  expect(screen.queryByRole('alert')).toBeNull();
  signIn.mockRejectedValueOnce(missed);
  await type('Code from the app', '000000');
  await send();
  await waitFor(() => expect(field.getAttribute('aria-invalid')).toBe('true'));
  expect(onsignedin).not.toHaveBeenCalled();
  signIn.mockResolvedValueOnce(signedIn);
  await type('Code from the app', '123456');
  await send();
  await waitFor(() => expect(onsignedin).toHaveBeenCalledWith(false));
  expect(signIn).toHaveBeenLastCalledWith({ handle: 'olena', password: 'correct horse', code: '123456' });
});

it('takes a recovery code in place of the code of the app', async () => {
  await asked();
  await fireEvent.click(screen.getByRole('button', { name: 'Use a recovery code' }));
  signIn.mockResolvedValueOnce(signedIn);
  await type('Recovery code', ' 2345-abcd ');
  await send();
  const all = { handle: 'olena', password: 'correct horse', recovery_code: '2345-abcd' };
  await waitFor(() => expect(signIn).toHaveBeenLastCalledWith(all));
});

it('goes back without losing what was typed', async () => {
  await asked();
  await fireEvent.click(screen.getByRole('button', { name: 'Back' }));
  expect((screen.getByLabelText('Name') as HTMLInputElement).value).toBe(' olena ');
  expect((screen.getByLabelText('Password') as HTMLInputElement).value).toBe('correct horse');
});

it('offers no second recovery code after one stood in for the password', async () => {
  signIn.mockRejectedValueOnce(required);
  render(SignInForm, { onsignedin: vi.fn() });
  await type('Name', 'olena');
  await fireEvent.click(screen.getByRole('button', { name: 'Use a recovery code' }));
  await type('Recovery code', '2345-abcd');
  await send();
  await screen.findByLabelText('Code from the app');
  expect(screen.queryByRole('button', { name: 'Use a recovery code' })).toBeNull();
  expect(screen.queryByRole('button', { name: 'Use the password' })).toBeNull();
});
