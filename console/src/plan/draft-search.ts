const batchName = /^batch_[1-9][0-9]{0,15}$/;

export interface DraftSearch {
  /** The batch to begin with, from the page that imported it. */
  readonly evidence?: string;
}

/** What stands in the address of a plan that is drawn up: a batch, never a person. */
export function readDraftSearch({ evidence }: Record<string, unknown>): DraftSearch {
  return typeof evidence === 'string' && batchName.test(evidence) ? { evidence } : {};
}
