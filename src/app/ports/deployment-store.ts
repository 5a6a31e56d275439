export interface Deployment {
  /** `dep_<16 symbols of base32>`: part of every approval statement and checkpoint. */
  readonly deploymentId: string;
  readonly name: string;
  readonly environment: string;
  /** Ed25519, 32 raw bytes in base64url: verifies the checkpoints of this deployment. */
  readonly ledgerPublicKey: string;
  readonly createdAt: Date;
}

/** One deployment serves one service: there is one row or none. */
export interface DeploymentStore {
  read(): Promise<Deployment | null>;
  /** The settings that a server last saw, locked until the caller's transaction ends; null before the first. */
  policySeen(): Promise<Readonly<Record<string, string>> | null>;
  /** The same, for a reader: nobody waits for it. */
  policyInForce(): Promise<Readonly<Record<string, string>> | null>;
  setPolicySeen(facts: Readonly<Record<string, string>>): Promise<void>;
  /** Returns what is stored: the given one, or that of a process which came first. */
  create(
    deployment: Omit<Deployment, 'createdAt'>,
  ): Promise<{ readonly deployment: Deployment; readonly made: boolean }>;
}
