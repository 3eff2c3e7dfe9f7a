/** What the policy's list of words would find in a text, tried out before it holds. */
import type { WordRule } from '$lib/api/wire';

const APOSTROPHES = /(?<=\p{L})['’‘‛ʼʻʽʹ`´′‵＇"](?=\p{L})/gu;
const MARKS = /[\p{Default_Ignorable_Code_Point}\u0300-\u0305\u0307\u0309-\u036f]/gu;

/** A text as the server compares it, but for letters of another script. */
const fold = (text: string): string =>
  text
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replace(APOSTROPHES, '')
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replace(MARKS, '')
    .normalize('NFC')
    .replaceAll('ё', 'е')
    .replaceAll('ґ', 'г');

/** The first entry of the word list that a text would meet, refusing ones before holding ones. */
export function wordIn(rules: WordRule[], text: string): { word: string; rule: WordRule } | null {
  const tokens = fold(text).match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
  const fits = (word: string, token: string | undefined): boolean =>
    token !== undefined &&
    (word.endsWith('*') ? token.startsWith(fold(word.slice(0, -1))) : token === fold(word));
  const stands = (phrase: string): boolean => {
    const words = phrase.split(/\s+/u).filter(Boolean);
    return words.length > 0 && tokens.some((_, at) => words.every((word, n) => fits(word, tokens[at + n])));
  };
  const found = rules.flatMap((rule) => rule.words.filter(stands).map((word) => ({ word, rule })));
  return found.find(({ rule }) => rule.effect === 'refuse') ?? found[0] ?? null;
}
