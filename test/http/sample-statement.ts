import type { WrittenStatement } from '../../src/app/statement/write-statement.ts';

const unknown = { value: null, source: 'ledger chain installation' };
const at = (text: string) => ({ value: new Date(text), source: 'ledger chain rollout:1' });
const count = (value: number) => ({ value, source: 'ledger chain rollout:1' });

/** Of a plan that was halted and is being put right, with a name that markup would trip over. */
export const sampleStatement: WrittenStatement = {
  plan: 'plan_7',
  text: '',
  service: 'Chirp & <b>Co',
  action: 'reset',
  readAt: new Date('2026-11-20T12:00:00Z'),
  counts: {
    toldAccepted: count(560),
    toldUnknown: count(0),
    contained: count(600),
    holding: count(560),
    corrected: unknown,
    correctedUnknown: unknown,
    restored: unknown,
    granted: unknown,
    kept: unknown,
    needsPerson: unknown,
  },
  times: {
    started: at('2026-11-20T09:00:00.000Z'),
    firstDispute: unknown,
    halted: at('2026-11-20T10:00:00.000Z'),
    holdingSent: at('2026-11-20T10:05:00.000Z'),
    withdrawn: unknown,
    corrected: unknown,
  },
  cause: unknown,
};
