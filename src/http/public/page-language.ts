export const pageLanguages = ['en', 'de', 'es', 'ja'] as const;

export type PageLanguage = (typeof pageLanguages)[number];

/** Each in its own language. */
export const languageNames: Readonly<Record<PageLanguage, string>> = {
  en: 'English',
  de: 'Deutsch',
  es: 'Español',
  ja: '日本語',
};

/** Longer headers are not read: nobody's browser sends them. */
const maxHeaderLength = 500;

/** Browsers write few different ones. */
const headersKept = 1_000;
const languageOfHeader = new Map<string, PageLanguage>();

/** The language of a public page: `?lang=` first, then the best of Accept-Language (RFC 9110 section 12.5.4), else English. */
export function choosePageLanguage(asked: string | undefined, accepted = ''): PageLanguage {
  const wanted = asked === undefined ? null : readLanguage(asked);
  if (wanted !== null) return wanted;
  const known = languageOfHeader.get(accepted);
  if (known !== undefined) return known;
  const language = bestOf(accepted);
  if (accepted.length <= maxHeaderLength) {
    if (languageOfHeader.size >= headersKept) languageOfHeader.clear();
    languageOfHeader.set(accepted, language);
  }
  return language;
}

function bestOf(accepted: string): PageLanguage {
  const ranked = accepted
    .slice(0, maxHeaderLength)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().split(';');
      const weight = parameters.map((one) => /^\s*q=([0-9.]{1,5})\s*$/.exec(one)?.[1]).find((q) => q !== undefined);
      return { language: readLanguage(tag), weight: weight === undefined ? 1 : Number(weight) };
    })
    .toSorted((left, right) => right.weight - left.weight);
  return ranked.find((one) => one.language !== null && one.weight > 0)?.language ?? 'en';
}

function readLanguage(tag: string): PageLanguage | null {
  const primary = tag.trim().toLowerCase().split('-')[0];
  return pageLanguages.find((language) => language === primary) ?? null;
}
