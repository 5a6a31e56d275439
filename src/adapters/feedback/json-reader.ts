/** Longer ones are cut: nothing that we keep of a provider's event is longer. */
const textCharsMax = 300;

/** A JSON object of a stranger, read one field at a time: whatever has another shape is not there. */
export class JsonReader {
  readonly #value: Readonly<Record<string, unknown>>;

  constructor(value: unknown) {
    this.#value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  }

  text(name: string): string | null {
    const value = this.#own(name);
    return typeof value === 'string' ? value.slice(0, textCharsMax) : null;
  }

  object(name: string): JsonReader {
    return new JsonReader(this.#own(name));
  }

  /** At most `most` items. */
  list(name: string, most: number): readonly JsonReader[] {
    const value = this.#own(name);
    return Array.isArray(value) ? value.slice(0, most).map((item) => new JsonReader(item)) : [];
  }

  instant(name: string): Date | null {
    const value = this.#own(name);
    // SendGrid counts seconds, the others write RFC 3339.
    const at = typeof value === 'number' ? new Date(value * 1_000) : new Date(typeof value === 'string' ? value : NaN);
    const year = at.getUTCFullYear();
    return year >= 2000 && year < 2200 ? at : null;
  }

  #own(name: string): unknown {
    return Object.hasOwn(this.#value, name) ? this.#value[name] : undefined;
  }
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
