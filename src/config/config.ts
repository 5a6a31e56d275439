import type { Field } from './field.ts';
import type { fields } from './fields.ts';
import type { limitFields } from './limit-fields.ts';

type ValuesOf<Table> = { readonly [Key in keyof Table]: Table[Key] extends Field<infer Value> ? Value : never };

/** The brakes, each with its reason in limit-fields.ts. */
export type Limits = ValuesOf<typeof limitFields>;
/** Every field of fields.ts, settled; paths are absolute. */
export type Config = ValuesOf<typeof fields> & { readonly limits: Limits };
