/** A problem in the reader's words, by its code; the server's own words where the code is not known. */
import { Problem } from './api/client';
import type { Fault } from './api/wire';
import { i18n } from './i18n/index.svelte';

export function explain(problem: Problem): string {
  const words: Record<string, string> = i18n.t.errors;
  return words[problem.code] ?? (problem.message || i18n.t.errors.internal);
}

export function explainField(fault: Fault): string {
  const words: Record<string, string> = i18n.t.fields;
  return words[fault.code] ?? fault.detail;
}
