import type { CheckFinding } from '../app/doctor/finding.ts';

export interface StoredSetting {
  readonly value: string;
  /** As it may be shown: of a secret what says where it leads. */
  readonly shown: string;
}

export interface ComposedSettings {
  readonly yaml: string;
  readonly secrets: readonly { readonly path: string; readonly value: string }[];
}

export interface NewOperator {
  readonly name: string;
  readonly email: string;
  /** Called once it is known that the key is wanted; resolves to its public part. */
  makeKey(): Promise<string>;
}

export interface FirstOperator {
  readonly operatorId: string;
  readonly token: string;
  readonly expiresAt: Date;
}

export interface PreparedInstallation {
  /** Null where there was one already, or none was asked for. */
  readonly operator: FirstOperator | null;
  readonly hasOperators: boolean;
  /** Path of a sealing key that was made just now. */
  readonly sealKeyMade: string | null;
  readonly findings: readonly CheckFinding[];
}

/** What `allclear init` does on this machine; settings by the name of their field. */
export interface InitVerbs {
  /** What the file says itself; null where there is none. `Failure('usage')` where it cannot be read. */
  readSettings(path: string): Promise<Readonly<Record<string, StoredSetting>> | null>;
  /** In words, or null. */
  whatIsWrong(name: string, value: string): string | null;
  /** `Failure('usage' | 'environment-mismatch')` where the settings do not go together. */
  compose(path: string, values: Readonly<Record<string, string>>): ComposedSettings;
  write(path: string, composed: ComposedSettings): Promise<void>;
  /** Makes the database's tables, the keys and the first operator, and looks at what is there. Can be repeated. */
  prepare(path: string, operator: NewOperator | null): Promise<PreparedInstallation>;
}
