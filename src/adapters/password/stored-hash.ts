/** One way in which directories store passwords. `verify` answers false for whatever it cannot read. */
export interface StoredHashScheme {
  readonly name: string;
  fits(storedHash: string): boolean;
  verify(password: string, storedHash: string): Promise<boolean>;
  /** A hash with the scheme's usual cost, of no password: what a verification costs is measured on it. */
  readonly sample: string;
}
