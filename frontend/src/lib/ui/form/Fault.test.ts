import { render, screen } from '@testing-library/svelte';
import { createRawSnippet } from 'svelte';
import { beforeAll, expect, it } from 'vitest';
import { Problem } from '$lib/api/client';
import { i18n } from '$lib/i18n/index.svelte';
import Fault from './Fault.svelte';
import Field from './Field.svelte';

beforeAll(() => i18n.use('en'));
const refused = (...fields: string[]): Problem =>
  new Problem(
    {
      code: 'bad_request',
      fields: fields.map((field) => ({ field, code: 'unheard_of', detail: `The ${field} is wrong.` })),
    },
    400,
  );
/** A box of a form, for which something was refused. */
const field = (name: string, label: string, problem: Problem) =>
  render(Field, {
    name,
    label,
    problem,
    control: createRawSnippet<[{ id: string; 'aria-invalid': 'true' | undefined }]>((attributes) => ({
      render: () => `<input id="${attributes().id}" aria-invalid="${attributes()['aria-invalid']}" />`,
    })),
  });

it('tells a fault that no field of the form tells', () => {
  const problem = refused('parent', 'parent', 'title');
  field('title', 'Title', problem);
  render(Fault, { problem });
  expect(screen.getByRole('alert').textContent).toBe('The parent is wrong.The parent is wrong.');
  expect(screen.getByText('The title is wrong.')).toBeTruthy();
  expect(screen.getByLabelText('Title').getAttribute('aria-invalid')).toBe('true');
});

it('says nothing twice', () => {
  const problem = refused('body');
  field('body', 'Text', problem);
  render(Fault, { problem });
  expect(screen.queryByRole('alert')).toBeNull();
});
