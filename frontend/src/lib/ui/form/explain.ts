/** A problem in the reader's words, by its code; the server's own words where the code is not known. */
import { Problem } from '$lib/api/client';
import type { Fault } from '$lib/api/wire';
import { i18n } from '$lib/i18n/index.svelte';

const SAYS_MORE = new Set(['forbidden', 'closed', 'conflict']);

export function explain(problem: Problem): string {
  const words: Record<string, string> = i18n.t.errors;
  // The server says more about these, in English.
  if (i18n.lang === 'en' && SAYS_MORE.has(problem.code) && problem.message !== problem.code)
    return problem.message;
  return words[problem.code] ?? (problem.message || i18n.t.errors.internal);
}

export function explainField(fault: Fault): string {
  const words: Record<string, string> = i18n.t.fields;
  return words[fault.code] ?? fault.detail;
}
