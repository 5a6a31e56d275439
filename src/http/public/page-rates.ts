import type { RequestRate } from '../request-limit.ts';

/** A household or an office shares an address: thirty presses at once are people. */
export const pressRate: RequestRate = { burst: 30, refillSeconds: 2 };
/** As people type; whoever tries numbers against addresses gets through half a request a second. */
export const checkRate: RequestRate = { burst: 30, refillSeconds: 2 };
/** All clients together: a check is about a dozen short queries, on the database that halts and permits need. */
export const allChecksRate: RequestRate = { burst: 200, refillSeconds: 1 / 50 };
/** A first statement walks the ledger; those after it come from memory. */
export const statementRate: RequestRate = { burst: 30, refillSeconds: 2 };
