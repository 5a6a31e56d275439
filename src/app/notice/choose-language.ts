/** Read by whoever's language we do not have. The linter holds that every template has it. */
const FALLBACK_LANGUAGE = 'en';

export interface ChosenLanguage {
  readonly language: string;
  /** True where the holder's own language is not known, or not among ours: recorded with the notice. */
  readonly fellBack: boolean;
}

/** Chooses by the primary subtag of a BCP 47 tag (`de-AT` reads German). */
export function chooseLanguage(tag: string | null, available: readonly string[]): ChosenLanguage {
  const primary = tag?.split(/[-_]/)[0]?.toLowerCase();
  return primary !== undefined && available.includes(primary)
    ? { language: primary, fellBack: false }
    : { language: FALLBACK_LANGUAGE, fellBack: true };
}
