/** The reader's language: its catalogue, its plurals, its dates and numbers. */
import { oneOf } from '$lib/kept/shape';
import { device } from '$lib/kept/storage';
import type { Lang, Names } from '../api/wire';
import type { First } from './en';
import type { Rest } from './rest/en';

export type Catalogue = First & Rest;
/** Plural forms as CLDR names them; `other` is always there. */
export type Plural = { one: string; few?: string; many?: string; other: string };
export type Params = Record<string, string | number | undefined>;

export const LANGS: readonly Lang[] = ['en', 'uk', 'ru'];
/** Each language under its own name. */
export const LANG_NAMES: Record<Lang, string> = { en: 'English', uk: 'Українська', ru: 'Русский' };

const LOCALES: Record<Lang, string> = { en: 'en-GB', uk: 'uk', ru: 'ru' };
const isLang = oneOf(...LANGS);

type Words<W> = Record<Lang, () => Promise<{ default: W }>>;
const first: Words<First> = {
  en: () => import('./en'),
  uk: () => import('./uk'),
  ru: () => import('./ru'),
};
const rest: Words<Rest> = {
  en: () => import('./rest/en'),
  uk: () => import('./rest/uk'),
  ru: () => import('./rest/ru'),
};

/**
 * A template with its `{names}` filled in. For a word of a later version, whose node runs beside this one, no catalogue has
 * a template or a name: nothing is said then.
 */
export function fill(template: string | undefined, params: Params): string {
  return (template ?? '').replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in params ? String(params[name] ?? '') : whole,
  );
}

/** The form for `n` in a language, filled in; `{n}` is the number as that language writes it. */
export function choose(lang: Lang, n: number, forms: Plural, params: Params = {}): string {
  const rule = new Intl.PluralRules(lang).select(n) as keyof Plural;
  return fill(forms[rule] ?? forms.other, { n: new Intl.NumberFormat(lang).format(n), ...params });
}

/** The language to begin with: chosen before, else the browser's first that we have. */
export function preferred(wanted: readonly string[], chosen: string | null): Lang {
  const known = (tag: string | null): Lang | undefined => LANGS.find((lang) => lang === tag?.slice(0, 2));
  return known(chosen) ?? wanted.map(known).find((lang) => lang !== undefined) ?? 'en';
}

class I18n {
  lang = $state<Lang>('en');
  #catalogue = $state.raw<Catalogue | null>(null);
  /** The language that was asked for last. */
  #wanted: Lang = 'en';
  /** Whether words are wanted that first pages do not say. */
  #all = false;

  /**
   * The catalogue of the language; the layout loads it before anything is drawn. Of the words under `rest/` it has those that
   * something waited for: a page that is not among the first, or a part that comes later. A test finds what does neither.
   */
  get t(): Catalogue {
    if (!this.#catalogue) throw new Error('the catalogue is loaded by the root layout before the first page');
    return this.#catalogue;
  }

  /** How dates and numbers are written: English ones as in Britain, whatever the browser's own country. */
  get locale(): string {
    return LOCALES[this.lang];
  }

  /** Loads the words to begin with: those of the first pages, or all there are. */
  async start(all: boolean): Promise<void> {
    if (this.#catalogue) return all ? this.whole() : undefined;
    this.#all ||= all;
    // An address may name its language: that is what search engines and those who share it mean.
    const named = new URLSearchParams(location.search).get('lang');
    const wanted = [...(named ? [named] : []), ...navigator.languages];
    await this.use(preferred(wanted, device.load('locale', isLang)));
  }

  /** Waits for all words of the language. */
  async whole(): Promise<void> {
    if (this.#all && this.#catalogue && 'desk' in this.#catalogue) return;
    this.#all = true;
    await this.use(this.#wanted);
  }

  /** Switches the language; `remember` keeps it on this device. */
  async use(lang: Lang, remember = false): Promise<void> {
    this.#wanted = lang;
    try {
      const [said, more] = await Promise.all([first[lang](), this.#all ? rest[lang]() : null]);
      // Another was chosen meanwhile: whoever waits for words waits for those.
      if (this.#wanted !== lang) return await this.use(this.#wanted);
      this.#catalogue = { ...said.default, ...more?.default } as Catalogue;
    } catch (error) {
      this.#wanted = this.lang;
      throw error;
    }
    if (remember) device.save('locale', lang);
    this.lang = lang;
    document.documentElement.lang = lang;
  }

  /** Whether the reader chose a language here, rather than the browser. */
  get chosen(): boolean {
    return device.load('locale', isLang) !== null;
  }

  plural(n: number, forms: Plural, params: Params = {}): string {
    return choose(this.lang, n, forms, params);
  }

  number(n: number): string {
    return new Intl.NumberFormat(this.locale).format(n);
  }

  /** A share between 0 and 1 as whole percent. */
  percent(share: number): string {
    return new Intl.NumberFormat(this.locale, { style: 'percent' }).format(share);
  }

  /** A share between −1 and 1 as whole percent with its sign. */
  signed(share: number): string {
    return new Intl.NumberFormat(this.locale, { style: 'percent', signDisplay: 'exceptZero' }).format(share);
  }

  /** A number between 0 and 1 with at most two places, and at least so many. */
  decimal(n: number, places = 0): string {
    return new Intl.NumberFormat(this.locale, {
      minimumFractionDigits: places,
      maximumFractionDigits: 2,
    }).format(n);
  }

  /** A name in the reader's language, else in English. */
  name(names: Names | string | null | undefined): string {
    if (!names) return '';
    return typeof names === 'string' ? names : (names[this.lang] ?? names.en);
  }

  /** How far off a moment ahead is, in words: "in 3 days". */
  until(at: number, now: number): string {
    const format = new Intl.RelativeTimeFormat(this.locale, { numeric: 'always' });
    const seconds = Math.max(0, Math.round((at - now) / 1000));
    for (const [unit, size] of [
      ['day', 86_400],
      ['hour', 3_600],
      ['minute', 60],
    ] as const) {
      if (seconds >= 2 * size || (unit !== 'day' && seconds >= size))
        return format.format(Math.floor(seconds / size), unit);
    }
    return format.format(seconds, 'second');
  }

  /** A length of time in its largest whole unit: "5 minutes". */
  lasting(seconds: number): string {
    const fits = (size: number): boolean => seconds >= size && seconds % size === 0;
    const [unit, size] = fits(3600) ? ['hour', 3600] : fits(60) ? ['minute', 60] : ['second', 1];
    return new Intl.NumberFormat(this.locale, {
      style: 'unit',
      unit: String(unit),
      unitDisplay: 'long',
    }).format(seconds / Number(size));
  }

  /** A moment within the year, to the minute. */
  soon(at: number): string {
    const format: Intl.DateTimeFormatOptions = {
      day: 'numeric',
      month: 'short',
      hour: '2-digit',
      minute: '2-digit',
    };
    return new Intl.DateTimeFormat(this.locale, format).format(at);
  }

  /** The time of a moment of today. */
  time(at: number): string {
    return new Intl.DateTimeFormat(this.locale, { hour: '2-digit', minute: '2-digit' }).format(at);
  }

  /** A moment to the minute. */
  exact(at: number): string {
    return new Intl.DateTimeFormat(this.locale, { dateStyle: 'long', timeStyle: 'short' }).format(at);
  }

  /** A moment as a date and, when recent, a time. */
  moment(at: number): string {
    const recent = Date.now() - at < 36 * 3600 * 1000;
    const format: Intl.DateTimeFormatOptions = recent
      ? { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }
      : { day: 'numeric', month: 'short', year: 'numeric' };
    return new Intl.DateTimeFormat(this.locale, format).format(at);
  }

  /** A date known to the year, the month or the day (YYYY[-MM[-DD]]). */
  date(text: string): string {
    const [year, month, day] = text.split('-').map(Number);
    if (!year || text.length < 4) return text;
    if (!month) return String(year);
    const at = new Date(Date.UTC(year, month - 1, day ?? 1));
    const format: Intl.DateTimeFormatOptions = { year: 'numeric', month: 'long', timeZone: 'UTC' };
    if (day) format.day = 'numeric';
    // Ukrainian and Russian end a date with an abbreviated "year", whose full stop would stand before ours.
    return new Intl.DateTimeFormat(this.locale, format).format(at).replace(/\s[рг]\.$/u, '');
  }
}

export const i18n = new I18n();
