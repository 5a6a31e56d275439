import type { ChainHead } from '../../domain/ledger/ledger-row.ts';

/** What a backup says of itself, signed by the ledger key; every digest is SHA-256 over the bytes as they are stored. */
export interface BackupManifest {
  readonly format: 1;
  readonly deployment: string;
  readonly environment: string;
  readonly ledgerPublicKey: string;
  /** By the database's clock: the moment of the one snapshot. RFC 3339, UTC. */
  readonly takenAt: string;
  readonly migrations: readonly { readonly name: string; readonly digest: string }[];
  /** Ends of the chains inside. */
  readonly heads: readonly ChainHead[];
  readonly tables: readonly {
    readonly name: string;
    readonly rows: number;
    readonly bytes: number;
    readonly sha256: string;
  }[];
  /** `checkpoints.ndjson`, and the keys where they were asked for. */
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
  /** Fingerprints of the sealing keys under which something can still be given back. */
  readonly sealedUnder: readonly string[];
}

/** The first words of a backup: what has to be known before its tables. */
export type BackupBegin = Pick<
  BackupManifest,
  'format' | 'deployment' | 'environment' | 'ledgerPublicKey' | 'takenAt' | 'migrations'
>;

export const checkpointName = 'checkpoints.ndjson';
export const sealKeyName = 'seal.key';
export const ledgerKeyName = 'ledger.key';
/** A key file is a line or two. */
export const maxKeyBytes = 65_536;
