export const chainName = /^(installation|(plan|retraction)_[1-9][0-9]{0,15})$/;
export const eventName = /^([a-z-]+\.[a-z-]+)?$/;

export interface LedgerFilter {
  readonly of: string;
  readonly event?: string;
}

/** What stands in the address: a chain and an event, never a person. */
export function readLedgerFilter(search: Record<string, unknown>): LedgerFilter {
  const { of, event } = search;
  const chain = typeof of === 'string' && chainName.test(of) ? of : 'installation';
  return typeof event === 'string' && event !== '' && eventName.test(event) ? { of: chain, event } : { of: chain };
}
