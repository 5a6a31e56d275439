import { Failure } from '../../../src/domain/shared/failure.ts';
import { Refused, unanswered } from '../api/refused.ts';

/** What was found on this side, as whatever the server says is shown. */
export function asRefused(error: unknown): unknown {
  if (!(error instanceof Failure)) return error;
  return new Refused({
    ...unanswered(error.message),
    title: error.code === 'digest-mismatch' ? 'Do not approve this.' : 'This yes would not count.',
    code: error.code,
    next:
      error.code === 'digest-mismatch'
        ? 'This browser computed it from what the server sent, and the two differ. Compare the digest with its author, by voice.'
        : 'Nothing was signed. Look at your review.',
  });
}
