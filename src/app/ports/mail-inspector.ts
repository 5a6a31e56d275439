export interface InspectedMail {
  /** Without the recipient's address, so that mails to two people can be compared. */
  readonly sizeBytes: number;
  readonly holdsForeignAddress: boolean;
}

/**
 * Looks at a finished message as bytes, knowing nothing of how it was made. Every address in its recipients' headers and
 * in its decoded bodies must be the recipient's or stand in one of the `expected` texts; any other is somebody else's.
 * `approved` are further such texts, in a list that is the same object for many mails and never changes: it is read once.
 */
export type InspectMail = (
  content: Uint8Array,
  recipient: string,
  expected: readonly string[],
  approved?: readonly string[],
) => InspectedMail;
