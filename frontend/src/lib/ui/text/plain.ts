/** Titles from what somebody is writing: the plain words of its first line, cut between characters. The server judges and shows texts itself. */

import { TITLE } from '$lib/api/limits';

const BLOCK = /^\s*(?:>|#{1,6}(?=\s|$)|[-*+](?=\s|$)|\d{1,9}[.)](?=\s|$))\s*/u;
const RULE = /^\s*(?:```|~~~|(?:[-*_]\s*){3,}$)/u;
const ADDRESS = /https?:\/\/[^\s<>"`]+/giu;
const NAMED: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  shy: '',
  zwj: '',
  zwnj: '',
  ndash: '–',
  mdash: '—',
  laquo: '«',
  raquo: '»',
  hellip: '…',
};
const INVISIBLE = /[\p{Cc}\p{Default_Ignorable_Code_Point}]/gu;

function entity(whole: string, name: string): string {
  const number = /^#x([\da-f]{1,6})$/iu.exec(name) ?? /^#(\d{1,7})$/u.exec(name);
  if (!number) return NAMED[name] ?? whole;
  const code = parseInt(number[1] ?? '', name[1]?.toLowerCase() === 'x' ? 16 : 10);
  return code <= 0x10ffff ? String.fromCodePoint(code).replace(INVISIBLE, '') : whole;
}

/** A line of Markdown without its marks. */
function bare(line: string): string {
  let text = line;
  while (BLOCK.test(text)) text = text.replace(BLOCK, '');
  const kept: string[] = [];
  // Code and addresses hold signs that are no marks; a private sign stands for them meanwhile.
  const keep = (words: string): string => `\u{f0000}${kept.push(words) - 1}\u{f0000}`;
  text = text
    .replaceAll('\u{f0000}', '')
    .replace(/(`+)(?!`)(.+?)(?<!`)\1(?!`)/gu, (_, __, code: string) => keep(code.trim()))
    .replace(/!?\[([^\]]*)\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+"[^"]*")?\)/gu, '$1')
    .replace(/<(https?:\/\/[^\s<>]+)>/giu, (_, address: string) => keep(address))
    .replace(ADDRESS, (address) => keep(address))
    .replace(/\\([!-/:-@[-`{-~])/gu, (_, sign: string) => keep(sign))
    .replace(/(\*\*|~~?)(?=\S)(.+?)(?<=\S)\1(?!~)/gu, '$2')
    .replace(/\*(?=\S)([^*]+?)(?<=\S)\*/gu, '$1')
    .replace(/(?<![\p{L}\p{N}_])(_{1,2})(?=\S)(.+?)(?<=\S)\1(?![\p{L}\p{N}_])/gu, '$2')
    .replace(/&(#?\w{1,31});/gu, entity);
  return text
    .replace(/\u{f0000}(\d+)\u{f0000}/gu, (_, at: string) => kept[Number(at)] ?? '')
    .replace(/\s+/gu, ' ')
    .trim();
}

const shows = (text: string): boolean => text.replace(INVISIBLE, '').replace(/[\s\u2800]/gu, '') !== '';

/** The most bytes of a title the server takes: eight for each character, as one may be put together of many. */
const BYTES = 8 * TITLE;
const encoder = new TextEncoder();
const bytes = (text: string): number => encoder.encode(text).length;

/** The first `most` characters of a text as a reader counts them; one that is longer ends at a word, with "…". */
export function cut(text: string, most: number): string {
  // A character is at least one unit long, and a unit at most three bytes.
  if (text.length <= most) return text;
  const characters = [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);
  if (characters.length <= most && bytes(text) <= BYTES) return text;
  let start = '';
  for (const character of characters.slice(0, most - 1)) {
    if (bytes(`${start}${character}…`) > BYTES) break;
    start += character;
  }
  const words = start.replace(/\s+\S*$/u, '');
  return `${words || start}…`;
}

/** The first line of a text that says anything, in plain words. */
export function firstLine(body: string, most = TITLE): string {
  const lines = body.replace(/<!--[\s\S]*?-->/gu, '').split(/\r\n|[\n\r\u2028\u2029]/u);
  const words = lines.filter((line) => !RULE.test(line)).map(bare);
  return cut(words.find(shows) ?? '', most);
}
