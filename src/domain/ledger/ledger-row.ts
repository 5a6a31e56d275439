/** One entry exactly as the database holds it, before anything in it is believed. */
export interface LedgerRow {
  readonly chain: string;
  readonly seq: number;
  readonly at: string;
  readonly event: string;
  /** The stored text; a sound row holds RFC 8785 text of a JSON object. */
  readonly body: string;
  readonly prevHash: string;
  readonly hash: string;
  readonly personal: readonly PersonalRow[];
}

/** Erased: salt and value are both null. The digest in the body stays, and says nothing without the salt. */
export interface PersonalRow {
  readonly field: string;
  readonly salt: string | null;
  readonly value: string | null;
}

export interface ChainHead {
  readonly chain: string;
  readonly seq: number;
  readonly hash: string;
}

/** The stored body as an object, or null where it is not the text of one. */
export function parseBody(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : null;
  } catch {
    return null;
  }
}
