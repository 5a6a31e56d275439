import { isIP } from 'node:net';
import { z } from 'zod';

/** What is settled before a default is asked for; fields are read in the order of their table. */
export interface Known {
  readonly cwd: string;
  readonly home: string;
  readonly host: string;
  readonly port: number;
  readonly profile: 'standard' | 'small';
  readonly environment: 'sample' | 'staging' | 'production';
}

/** One thing that can be set, with all that `config show` and the reference say about it. */
export interface Field<Value> {
  /** The variable that sets it. A secret can also come from a file that `<env>_FILE` names. */
  readonly env: string;
  /** Reads the text of a variable or flag, or the value of the YAML file. */
  readonly schema: z.ZodType<Value>;
  readonly meaning: string;
  /** Null where the value has none. */
  readonly unit: string | null;
  readonly default: (known: Known) => Value;
  readonly whenWrong: string;
  readonly secret: boolean;
}

export function defineField<Value>(
  field: Omit<Field<Value>, 'unit' | 'secret'> & Partial<Pick<Field<Value>, 'unit' | 'secret'>>,
): Field<Value> {
  return { unit: null, secret: false, ...field };
}

export const text = z.string().trim().min(1);

const numeral = z.union([
  z.number(),
  z
    .string()
    .trim()
    .regex(/^[0-9]+(\.[0-9]+)?$/, 'is no number')
    .transform(Number),
]);

export function wholeNumber(min: number, max: number): z.ZodType<number> {
  return numeral.pipe(z.number().int().min(min).max(max));
}

/** A share between 0 and 1, written as a decimal fraction. */
export const share: z.ZodType<number> = numeral.pipe(z.number().min(0).max(1));

/** A list of whole numbers: in YAML a list, elsewhere separated by commas. */
export function wholeNumbers(min: number, max: number): z.ZodType<readonly number[]> {
  const listed = z.union([z.array(z.number()), z.string().transform((line) => line.split(',').map(readNumeral))]);
  return listed.pipe(z.array(z.number().int().min(min).max(max)).min(1).max(20));
}

/** Addresses and CIDRs of hosts or networks: in YAML a list, elsewhere separated by commas. */
export const networks: z.ZodType<readonly string[]> = z
  .union([z.array(z.string()), z.string().transform((line) => line.split(','))])
  .transform((parts) => parts.map((part) => part.trim()))
  .pipe(z.array(z.string().refine(isNetwork, 'names what is no IP address and no CIDR like 10.0.0.0/8')).max(50));

function isNetwork(text: string): boolean {
  const [address = '', prefix, more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more !== undefined) return false;
  return prefix === undefined || (/^[0-9]{1,3}$/.test(prefix) && Number(prefix) <= (family === 6 ? 128 : 32));
}

function readNumeral(part: string): number {
  return /^\s*[0-9]+\s*$/.test(part) ? Number(part) : Number.NaN;
}

/** A URL of one of the given schemes (`https:`). */
export function urlOf(...schemes: readonly string[]): z.ZodType<string> {
  return text.refine(
    (value) => URL.canParse(value) && schemes.includes(new URL(value).protocol),
    `is no URL that begins with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}`,
  );
}

const domainLabel = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';

/** RFC 6376 3.5: at least two labels, in ASCII; letters become small. */
export const domainName: z.ZodType<string> = text
  .transform((value) => value.toLowerCase())
  .refine((value) => new RegExp(`^${domainLabel}(?:\\.${domainLabel})+$`).test(value), 'is no domain name');

/** RFC 6376 3.1: labels with dots between them. */
export const selector: z.ZodType<string> = text
  .transform((value) => value.toLowerCase())
  .refine((value) => new RegExp(`^${domainLabel}(?:\\.${domainLabel})*$`).test(value), 'is no DKIM selector');
