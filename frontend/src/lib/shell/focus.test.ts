import { afterEach, expect, it } from 'vitest';
import { keepFocus } from './focus';

const soon = (): Promise<void> => new Promise((done) => setTimeout(done));
let stop = (): void => {};
afterEach(() => stop());

function page(): { section: HTMLElement; inner: HTMLElement; button: HTMLElement } {
  document.body.innerHTML = '<main tabindex="-1"><section><p><button>Go</button></p></section></main>';
  stop = keepFocus();
  const [section, inner, button] = ['section', 'p', 'button'].map((name) => document.querySelector(name)!);
  return { section, inner, button } as ReturnType<typeof page>;
}

it('gives the focus of what is gone to the nearest thing around it that is left', async () => {
  const { section, inner, button } = page();
  button.focus();
  inner.remove();
  await soon();
  expect(document.activeElement).toBe(section);
  section.blur();
  expect(section.hasAttribute('tabindex')).toBe(false);
});

it('takes no focus where somebody pointed elsewhere meanwhile, or something else has it', async () => {
  const { inner, button } = page();
  button.focus();
  button.blur();
  document.dispatchEvent(new Event('pointerdown'));
  inner.remove();
  await soon();
  expect(document.activeElement).toBe(document.body);
  stop();
  const again = page();
  again.button.focus();
  again.inner.remove();
  document.querySelector('main')!.focus();
  await soon();
  expect(document.activeElement).toBe(document.querySelector('main'));
});
