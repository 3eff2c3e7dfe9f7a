/** Sentences for statements of facts, loaded in the language a moderator writes in. */
import type { Lang } from '../../api/wire';
import type { Facts } from './en';

export type { Facts };

const loaders: Record<Lang, () => Promise<{ facts: Facts }>> = {
  en: () => import('./en'),
  uk: () => import('./uk'),
  ru: () => import('./ru'),
};

export const factsIn = async (lang: Lang): Promise<Facts> => (await loaders[lang]()).facts;
