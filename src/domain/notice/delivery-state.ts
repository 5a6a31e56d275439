/**
 * What became of one notice to one person. The position in this list is the byte in an outcome vector: released once,
 * so the list is only ever added to at its end.
 */
export const deliveryStates = [
  'created',
  'claimed',
  'sending',
  'accepted',
  'deferred',
  'refused',
  'bounced',
  'complained',
  'unknown',
  'released',
  'withheld',
  'suppressed',
  'rehearsed',
] as const;

export type DeliveryState = (typeof deliveryStates)[number];

const byteOf = Object.fromEntries(deliveryStates.map((state, byte) => [state, byte])) as Record<DeliveryState, number>;

export function deliveryByte(state: DeliveryState): number {
  return byteOf[state];
}

/** The state that a byte of an outcome vector stands for. Throws on any other byte: a vector we cannot read is not guessed. */
export function deliveryStateOf(byte: number): DeliveryState {
  const state = deliveryStates[byte];
  if (state === undefined) throw new Error(`no delivery state has byte ${byte}`);
  return state;
}
