/** How a list writes an address and its password on one line. */
export const listForms = ['colon', 'semicolon', 'pipe', 'tab', 'csv', 'csv-quoted', 'stealer'] as const;
export type ListForm = (typeof listForms)[number];

/** What stands between address and password. In `stealer` a site stands before both. */
export const separators: Readonly<Record<ListForm, string>> = {
  colon: ':',
  semicolon: ';',
  pipe: '|',
  tab: '\t',
  csv: ',',
  'csv-quoted': ',',
  stealer: ':',
};

/** RFC 4180, section 2: quotes around the field, quotes inside doubled. */
function quoted(field: string): string {
  return `"${field.replaceAll('"', '""')}"`;
}

export interface Pair {
  readonly address: string;
  readonly password: string;
}

/** The line without its end. `site` is only for `stealer`. The password runs to the end of the line, separators included. */
export function writePair(form: ListForm, pair: Pair, site: string): string {
  switch (form) {
    case 'csv': {
      const needsQuotes = /[",]/.test(pair.password);
      return `${pair.address},${needsQuotes ? quoted(pair.password) : pair.password}`;
    }
    case 'csv-quoted':
      return `${quoted(pair.address)},${quoted(pair.password)}`;
    case 'stealer':
      return `${site}:${pair.address}:${pair.password}`;
    default:
      return `${pair.address}${separators[form]}${pair.password}`;
  }
}

/** The header that a form may carry, null where lists have none. */
export function headerOf(form: ListForm): string | null {
  switch (form) {
    case 'csv':
      return 'email,password';
    case 'csv-quoted':
      return '"email","password"';
    case 'tab':
      return 'email\tpassword';
    default:
      return null;
  }
}
