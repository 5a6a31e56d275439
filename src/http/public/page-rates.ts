import type { RequestRate } from '../request-limit.ts';

/** A household or an office shares an address: thirty presses at once are people. */
export const pressRate: RequestRate = { burst: 30, refillSeconds: 2 };
/** As people type; whoever tries numbers against addresses gets through half a request a second. */
export const checkRate: RequestRate = { burst: 30, refillSeconds: 2 };
/** All clients together: a check is about a dozen short queries, on the database that halts and permits need. */
export const allChecksRate: RequestRate = { burst: 200, refillSeconds: 1 / 50 };
/** A first statement walks the ledger; those after it come from memory. */
export const statementRate: RequestRate = { burst: 30, refillSeconds: 2 };
/** As a person asks for a code: slips, another address, a mail that was slow. */
export const askRate: RequestRate = { burst: 10, refillSeconds: 30 };
/** All clients together: each ask reads the directory and may write a mail. */
export const allAsksRate: RequestRate = { burst: 200, refillSeconds: 1 / 20 };
/** Codes as people type them. A code has 39.6 bits: one machine that types this fast for a year finds one in 10^5. */
export const codeRate: RequestRate = { burst: 30, refillSeconds: 5 };
export const allCodesRate: RequestRate = { burst: 200, refillSeconds: 1 / 50 };
/** Each try costs the directory's own hash once or twice. */
export const passwordRate: RequestRate = { burst: 10, refillSeconds: 10 };
/** As people write: one notice, perhaps a slip. */
export const appealRate: RequestRate = { burst: 6, refillSeconds: 60 };
export const allAppealsRate: RequestRate = { burst: 100, refillSeconds: 1 / 10 };
