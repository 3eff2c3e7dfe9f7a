import { fireEvent, render, screen } from '@testing-library/svelte';
import { beforeAll, expect, it, vi } from 'vitest';
import { i18n } from '$lib/i18n/index.svelte';
import AnswerForm from './AnswerForm.svelte';

beforeAll(() => i18n.use('en'));

it('answers a card by two keys', async () => {
  const onanswer = vi.fn();
  render(AnswerForm, { giver: 'russia', onanswer });
  await fireEvent.keyDown(window, { key: '1' });
  expect(onanswer).not.toHaveBeenCalled();
  await fireEvent.keyDown(window, { key: '3' });
  expect(onanswer).toHaveBeenCalledWith('yes', 'unlikely', '', undefined);
});

it('asks what would have to change, and types digits into that box', async () => {
  const onanswer = vi.fn();
  render(AnswerForm, { giver: 'russia', onanswer });
  await fireEvent.click(screen.getByRole('button', { name: 'Only with changes' }));
  await fireEvent.click(screen.getByRole('button', { name: 'Likely' }));
  expect(onanswer).not.toHaveBeenCalled();
  const box = screen.getByLabelText('What would have to change?');
  await fireEvent.keyDown(box, { key: '1' });
  await fireEvent.input(box, { target: { value: 'Within 10 days' } });
  await fireEvent.click(screen.getByRole('button', { name: 'Next' }));
  // The note will stand in public: what that means is said before the first one.
  expect(onanswer).not.toHaveBeenCalled();
  await fireEvent.click(screen.getByRole('button', { name: 'I understand' }));
  expect(onanswer).toHaveBeenCalledWith('with_changes', 'likely', 'Within 10 days', undefined);
});

it('waits for the third question only where it was unfolded', async () => {
  const onanswer = vi.fn();
  render(AnswerForm, { giver: 'russia', point: 5, onanswer });
  expect(screen.queryByText(/One more, if you like/)).toBeNull();
  await fireEvent.click(screen.getByRole('button', { name: 'Yes' }));
  const details = screen.getByText('One more, if you like: point 5').closest('details')!;
  details.open = true;
  await fireEvent(details, new Event('toggle'));
  await fireEvent.click(screen.getByRole('button', { name: 'Maybe' }));
  expect(onanswer).not.toHaveBeenCalled();
  // Keys answer it now: 2 is no.
  await fireEvent.keyDown(window, { key: '2' });
  expect(onanswer).toHaveBeenCalledWith('yes', 'maybe', '', 'no');
});
