/** Names one sealed prior state, in a marker and in the ledger. */
export type RestorePointId = `rp_${number}`;

/**
 * `sealed`: the old hash is safe with us, the directory may or may not carry our marker yet. `open`: it does, and we
 * have the receipt. `restored`: the directory holds the old hash again. `retired`: the old hash will never be given
 * back (its holder chose a newer one, or it was never taken away). `destroyed`: it was still open when
 * its time was over. One that ended before keeps its state, and loses what is sealed in it.
 */
export type RestorePointState = 'sealed' | 'open' | 'restored' | 'retired' | 'destroyed';

/** How a restore point ends while its hash can still be read. */
export type ClosedState = 'restored' | 'retired';

const pattern = /^rp_([1-9][0-9]{0,15})$/;

export function restorePointId(number: number): RestorePointId {
  return `rp_${number}`;
}

/** The number inside an id, or null where `text` is none. */
export function restorePointNumber(text: string): number | null {
  const match = pattern.exec(text);
  return match === null ? null : Number(match[1]);
}

/** Open in the sense of "at most one open restore point per account". */
export function isOpen(state: RestorePointState): boolean {
  return state === 'sealed' || state === 'open';
}
