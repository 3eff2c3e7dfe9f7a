import { beforeEach, expect, it } from 'vitest';
import { draftsOf, dropDraft, forgetDrafts, keepDrafts, leaveDrafts, loadDraft, saveDraft } from './drafts';
import { text } from './shape';

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  draftsOf(null);
});
/** What another tab of this browser has: the same device, nothing else. */
const otherTab = (): void => sessionStorage.clear();

it('shows a draft to nobody but its writer', () => {
  draftsOf('anna');
  saveDraft('point.3', 'Anna’s words');
  draftsOf('boris');
  expect(loadDraft('point.3', text)).toBeNull();
  draftsOf(null);
  expect(loadDraft('point.3', text)).toBeNull();
  draftsOf('anna');
  expect(loadDraft('point.3', text)).toBe('Anna’s words');
});

it('keeps the drafts of two tabs apart', () => {
  draftsOf('anna');
  saveDraft('point.3', 'in the first tab');
  otherTab();
  expect(loadDraft('point.3', text)).toBeNull();
});

it('hands the draft of a tab that closed to the next one, once', () => {
  draftsOf('anna');
  saveDraft('point.3', 'unsent');
  leaveDrafts();
  otherTab();
  draftsOf('boris');
  expect(loadDraft('point.3', text)).toBeNull();
  draftsOf('anna');
  expect(loadDraft('point.3', text)).toBe('unsent');
  otherTab();
  expect(loadDraft('point.3', text)).toBeNull();
});

it('keeps the draft of a tab that came back', () => {
  draftsOf('anna');
  saveDraft('point.3', 'unsent');
  leaveDrafts();
  keepDrafts();
  expect(loadDraft('point.3', text)).toBe('unsent');
  otherTab();
  expect(loadDraft('point.3', text)).toBeNull();
});

it('takes along what was written before signing in', () => {
  saveDraft('point.3', 'before');
  draftsOf('anna');
  expect(loadDraft('point.3', text)).toBe('before');
  draftsOf(null);
  expect(loadDraft('point.3', text)).toBeNull();
});

it('leaves nothing of an account that signed out, and all of the others', () => {
  draftsOf('boris');
  saveDraft('point.3', 'Boris’s');
  draftsOf('anna');
  for (const place of ['point.3', 'thread.t']) saveDraft(place, 'Anna’s');
  leaveDrafts();
  forgetDrafts('anna');
  expect(JSON.stringify([{ ...localStorage }, { ...sessionStorage }])).not.toContain('Anna');
  draftsOf('boris');
  expect(loadDraft('point.3', text)).toBe('Boris’s');
  dropDraft('point.3');
  expect(loadDraft('point.3', text)).toBeNull();
});
