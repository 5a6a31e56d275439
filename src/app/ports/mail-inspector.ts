export interface InspectedMail {
  readonly sizeBytes: number;
  readonly holdsForeignAddress: boolean;
}

/**
 * Looks at a finished message as bytes, knowing nothing of how it was made. Every address in its recipients' headers and
 * in its decoded bodies must also stand in one of the `expected` texts; any other is somebody else's.
 */
export type InspectMail = (content: Uint8Array, expected: readonly string[]) => InspectedMail;
