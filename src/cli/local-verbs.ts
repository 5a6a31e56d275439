import type { DirectoryTest } from '../app/directory/test-directory.ts';
import type { CheckFinding } from '../app/doctor/finding.ts';
import type { Digests } from '../app/ports/digests.ts';
import type { HaltResult } from '../app/rollout/halt-rollout.ts';
import type { HaltRequest } from '../domain/rollout/halt-request.ts';
import type { Role } from '../domain/approval/role.ts';
import type { FirstOperator, InitVerbs } from './init-verbs.ts';
import type { LossAcceptance } from '../app/ledger/accept-loss.ts';
import type { LossPreview } from '../app/ledger/preview-loss.ts';

/** An operator's key, opened. The private part stays inside. */
export interface OpenedKey {
  readonly publicKey: string;
  /** Ed25519 over the UTF-8 of `text`, base64url. */
  sign(text: string): string;
}

export interface Signing {
  readonly digests: Digests;
  isEncrypted(path: string): Promise<boolean>;
  /** `Failure('key-missing')` where the file is not there, is open to others, or the passphrase is another. */
  openKey(path: string, passphrase: string | null): Promise<OpenedKey>;
  /** Makes a key file, 0600, never over another; encrypted where a passphrase is given. */
  makeKey(path: string, passphrase: string | null): Promise<{ readonly publicKey: string }>;
  /** Removes a key file that was made just now and belongs to nobody. */
  removeKey(path: string): Promise<void>;
}

/** A one-time code for a passkey, made on the server's own machine. */
export interface LocalLink {
  readonly code: string;
  readonly expiresAt: Date;
  /** Where the console is opened, where this machine's settings say so; null: where the server is. */
  readonly consoleOrigin: string | null;
}

export interface LossRequest {
  readonly isEveryone: boolean;
  readonly vouched: string | null;
  /** Folders `state/permits` of other machines, each copied with its `state/dots/host-id`. */
  readonly journals: readonly string[];
}

export interface BackupProgress {
  readonly table: string;
  /** Of this table so far, plain. */
  readonly bytes: number;
  readonly tablesDone: number;
}

export interface BackupReport {
  readonly file: string;
  readonly bytes: number;
  readonly deployment: string;
  readonly environment: string;
  readonly takenAt: string;
  readonly tables: readonly { readonly name: string; readonly rows: number }[];
  readonly rows: number;
  readonly newestMigration: string;
  readonly hasKeys: boolean;
  /** Fingerprints of the sealing keys that its restore points need. */
  readonly sealedUnder: readonly string[];
  /** Keys that are not in the file and are to be kept apart from it. */
  readonly keysApart: readonly {
    readonly file: string;
    readonly fingerprint: string | null;
    readonly without: string;
  }[];
}

export interface ImportReport extends BackupReport {
  /** Migrations of this version that the backup did not have. */
  readonly migrated: readonly string[];
  readonly halted: readonly string[];
  /** Files that were put in place; those that were there already are left as they are. */
  readonly filesWritten: readonly string[];
}

export interface ProposalRequest {
  /** Null takes the configured directory's. */
  readonly url: string | null;
  readonly schema: string | null;
  readonly mode: 'functions' | 'direct';
  readonly role: string;
  /** The role by which hosted recovery sets passwords; null where it is not wanted. */
  readonly recoveryRole?: string | null;
  /** Null: one in a hundred accounts, at least 200. */
  readonly capPerHour: number | null;
}

export interface DirectoryProposal {
  readonly mapping: object;
  readonly reasons: Readonly<Record<string, string>>;
  /** What a person has to look at before this is used. */
  readonly doubts: readonly string[];
  readonly accounts: number;
  readonly capPerHour: number;
  readonly yaml: string;
  readonly sql: string;
}

/** One setting as it is in force on this machine; a secret's value is masked before it comes here. */
export interface ShownSetting {
  readonly name: string;
  readonly env: string;
  readonly value: string | number | boolean | readonly number[] | readonly string[] | null;
  readonly isSecret: boolean;
  readonly from: 'flag' | 'env' | 'file' | 'default';
  /** Name of the flag, variable or file. */
  readonly origin: string;
  readonly meaning: string;
  readonly unit: string | null;
  readonly whenWrong: string;
}

export interface MailKeys {
  readonly domain: string;
  /** Files that are new; the others were there. */
  readonly made: readonly string[];
  /** TXT records, as they have to be published. */
  readonly records: readonly { readonly name: string; readonly value: string; readonly zoneLine: string }[];
}

/**
 * What is done on the server's own machine, past the API, and the cryptography: handed in, so that commands know no
 * database and no key format.
 */
export interface LocalVerbs {
  readonly signing: Signing;
  /** Read only by `init`, which alone needs all of it. */
  openInit(): Promise<InitVerbs>;
  /** `Failure('usage')` names the setting that cannot be used. */
  showConfig(flags: { readonly url?: string }): readonly ShownSetting[];
  /** Looks at everything from here; changes nothing. */
  runDoctor(): Promise<readonly CheckFinding[]>;
  /** The first two operators only. */
  addFirstOperator(operator: {
    readonly name: string;
    readonly email: string;
    /** Null: passkeys alone. */
    readonly publicKey: string | null;
    readonly role: Role;
  }): Promise<FirstOperator & { readonly link: LocalLink }>;
  /** Whether this machine can halt past the server: it has the settings of a database, or workers of its own. */
  canHaltDirect(): boolean;
  /** One encrypted file of everything: tables of one snapshot, checkpoints and, where asked for, keys. Never over another. */
  exportBackup(
    request: { readonly file: string; readonly passphrase: string; readonly withKeys: boolean },
    onProgress: (progress: BackupProgress) => void,
  ): Promise<BackupReport>;
  /** Reads the whole file and touches nothing. `Failure('backup-unreadable')`. */
  checkBackup(
    request: { readonly file: string; readonly passphrase: string },
    onProgress: (progress: BackupProgress) => void,
  ): Promise<BackupReport>;
  /** All or nothing, into an empty database; comes up halted and sends nothing until the loss is accepted. */
  importBackup(
    request: { readonly file: string; readonly passphrase: string },
    onProgress: (progress: BackupProgress) => void,
  ): Promise<ImportReport>;
  /** Applies this version's migrations while all is halted; with `halt` it halts first. Names what it applied. */
  migrate(request: { readonly halt: boolean }): Promise<readonly string[]>;
  /** What is lost for certain on a database that is older than the world, and what may be; changes nothing. */
  previewLoss(request: LossRequest): Promise<LossPreview>;
  /** Whoever may have been reached in the lost part becomes unknown, once two people have signed exactly this; before, it is put forward. */
  acceptLoss(request: LossRequest, total: number): Promise<LossAcceptance>;
  /** Halts at the fence of this machine and in the database, if it answers; needs no server. */
  haltDirect(request: Omit<HaltRequest, 'by'>): Promise<HaltResult>;
  /** Looks at a service's own database and proposes how its accounts are mapped; changes nothing. */
  proposeDirectory(request: ProposalRequest): Promise<DirectoryProposal>;
  /** Quarantines a canary account of the configured directory and gives its password back. */
  testDirectory(request: {
    /** Null: the one that the configuration names. */
    readonly canary: string | null;
    readonly password: string | null;
    /** A program that signs in at the service. */
    readonly signIn: string | null;
  }): Promise<DirectoryTest & { readonly notes: readonly string[] }>;
  /** Makes the keys that sign mails, where they are missing. `Failure('usage')` without a domain. */
  makeMailKeys(): Promise<MailKeys>;
  /** Replays an accident against the sample service; `tell` narrates. Resolves to what was counted at the end. */
  runDemo(scenario: string, tell: (line: string) => void): Promise<Readonly<Record<string, unknown>>>;
}
