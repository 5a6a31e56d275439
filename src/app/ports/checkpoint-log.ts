/** Signed checkpoint lines, kept outside the database. */
export interface CheckpointLog {
  /** One line without its line end; returns after it is on stable storage. */
  append(line: string): Promise<void>;
  /** Every whole line in order, numbered from 1; nothing where none was ever written. */
  lines(): AsyncIterable<{ readonly number: number; readonly text: string }>;
}
