import { render, screen } from '@testing-library/svelte';
import { beforeAll, expect, it } from 'vitest';
import { Problem } from '$lib/api/client';
import { i18n } from '$lib/i18n/index.svelte';
import TermField from './TermField.svelte';
import Fault from './Fault.svelte';

beforeAll(() => i18n.use('en'));
const refused = (...fields: string[]): Problem =>
  new Problem(
    {
      code: 'bad_request',
      fields: fields.map((field) => ({ field, code: 'unheard_of', detail: `The ${field} is wrong.` })),
    },
    400,
  );

it('tells a fault that no field of the form tells', () => {
  const problem = refused('parent', 'parent', 'title');
  render(TermField, { name: 'title', label: 'Title', lang: 'en', problem, value: '' });
  render(Fault, { problem });
  expect(screen.getByRole('alert').textContent).toBe('The parent is wrong.The parent is wrong.');
  expect(screen.getByText('The title is wrong.')).toBeTruthy();
  expect(screen.getByLabelText('Title').getAttribute('aria-invalid')).toBe('true');
});

it('says nothing twice', () => {
  const problem = refused('body');
  render(TermField, { name: 'body', label: 'Text', lang: 'en', problem, value: '' });
  render(Fault, { problem });
  expect(screen.queryByRole('alert')).toBeNull();
});
