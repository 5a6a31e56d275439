/**
 * What an Idempotency-Key means to each POST of the API. A route that is not named is `kept` and not repeated once lost,
 * so that a new route is on the safe side.
 */
export type KeyRule =
  | {
      /** The answer is kept for a day and given again to the same request. */
      readonly kind: 'kept';
      /**
       * The server died before it answered. `repeat`: the verb's own uniqueness keeps it from being done twice, so that it
       * is simply asked again. `tell`: it might act twice; the caller is told that the outcome is unknown.
       */
      readonly whenLost: 'repeat' | 'tell';
    }
  /** It changes nothing and its answer is of now, so it is read again; the same key with another body is refused. */
  | { readonly kind: 'read' }
  /** The key is taken and not looked at. */
  | { readonly kind: 'ignored'; readonly why: string };

const repeatable: KeyRule = { kind: 'kept', whenLost: 'repeat' };
const once: KeyRule = { kind: 'kept', whenLost: 'tell' };
const reading: KeyRule = { kind: 'read' };

const rules: Readonly<Record<string, KeyRule>> = {
  '/api/v1/halts': {
    kind: 'ignored',
    why: 'Nothing stands between a person and HALT, and nobody is told "halted" from memory while it runs. Repeating it is harmless.',
  },
  '/api/v1/tokens': {
    kind: 'ignored',
    why: 'The answer is a secret and is kept nowhere. The nonce of the signed request makes it act once.',
  },
  '/api/v1/operators/invitations': {
    kind: 'ignored',
    why: 'The answer is a secret and is kept nowhere. Each signed request makes one code.',
  },
  '/api/v1/operators/acceptances': {
    kind: 'ignored',
    why: 'The code is good once, and even a digest of its body would be one of a secret.',
  },
  '/api/v1/sessions': {
    kind: 'ignored',
    why: 'One answer of a passkey opens one session, and the answer is a secret.',
  },
  '/api/v1/sessions/options': { kind: 'ignored', why: 'It changes nothing, and each challenge is good once.' },
  '/api/v1/passkeys/links': {
    kind: 'ignored',
    why: 'The answer is a secret and is kept nowhere. Each signed request makes one code.',
  },
  '/api/v1/operators/{operator}/links': {
    kind: 'ignored',
    why: 'The answer is a secret and is kept nowhere. A newer link ends the one before.',
  },
  '/api/v1/passkeys/options': {
    kind: 'ignored',
    why: 'It changes nothing, and even a digest of its body would be one of a secret.',
  },
  '/api/v1/passkeys/confirmations': { kind: 'ignored', why: 'It changes nothing, and each challenge is good once.' },
  '/api/v1/passkeys': {
    kind: 'ignored',
    why: 'The code is good once, and even a digest of its body would be one of a secret.',
  },
  '/api/v1/password-checks': {
    kind: 'ignored',
    why: 'It changes nothing, and even a digest of its body would be one of a password.',
  },
  '/api/v1/explanations': reading,
  '/api/v1/plans/{plan}/reviews/own/readings': reading,
  // Personal values are never kept a second time.
  '/api/v1/subjects/exports': reading,
  '/api/v1/subjects/erasure-previews': reading,
  '/api/v1/plans/{plan}/exports': reading,
  '/api/v1/retractions/{retraction}/exports': reading,
  '/api/v1/evidence/{batch}/withdrawal-previews': reading,
  '/api/v1/approvals/options': { kind: 'ignored', why: 'It changes nothing, and each statement is good once.' },
  // The signed nonce is good once.
  '/api/v1/plans/{plan}/approvals': repeatable,
  '/api/v1/retractions/{retraction}/approvals': repeatable,
  '/api/v1/losses/{loss}/approvals': repeatable,
  '/api/v1/operators/{operator}/decisions': repeatable,
  // A draw is made once; a verdict is one person's own.
  '/api/v1/plans/{plan}/reviews': repeatable,
  '/api/v1/plans/{plan}/reviews/own/verdicts': repeatable,
  // What is ended is not there a second time.
  '/api/v1/sessions/{session}/revocations': repeatable,
  '/api/v1/passkeys/{passkey}/revocations': repeatable,
  // A key or an address is one person's.
  '/api/v1/operators': repeatable,
  // One rollout per plan and per retraction; a resume is agreed on for one halted state.
  '/api/v1/plans/{plan}/rollout': repeatable,
  '/api/v1/retractions/{retraction}/rollout': repeatable,
  '/api/v1/rollouts/{subject}/resumptions': repeatable,
  // Whoever paused it first did.
  '/api/v1/rollouts/{subject}/pauses': repeatable,
  // What is withdrawn, erased or destroyed is not there a second time.
  '/api/v1/evidence/{batch}/withdrawals': repeatable,
  '/api/v1/ledger/erasures': repeatable,
  '/api/v1/subjects/erasures': repeatable,
  '/api/v1/suppressions/removals': repeatable,
  '/api/v1/retention/runs': repeatable,
  // One at a time; and the same reason is the same override.
  '/api/v1/drills': repeatable,
  '/api/v1/plans/{plan}/drill-override': repeatable,
  // A decision stands; the same one again only tells it again where it could not be told.
  '/api/v1/appeals/{appeal}/decisions': repeatable,
  // The list's own digest finds the batch, and goes on where it stood; but not `anew`, which makes another batch.
  '/api/v1/evidence': repeatable,
  // A second draft, a second mail; and a letter that somebody halted meanwhile would go on.
  '/api/v1/plans': once,
  '/api/v1/plans/{plan}/retractions': once,
  '/api/v1/plans/{plan}/rehearsals': once,
  '/api/v1/plans/{plan}/corrections/{kind}': once,
};

const patterns = Object.entries(rules).map(([path, rule]) => ({
  pattern: new RegExp(`^${path.replace(/\{[a-z]+\}/gi, '[^/]+')}$`),
  rule,
}));

/** The rule of a POST by its path. */
export function keyRuleOf(path: string): KeyRule {
  return patterns.find(({ pattern }) => pattern.test(path))?.rule ?? once;
}

/** 1 to 255 visible ASCII characters, bare or as a quoted string (RFC 9651 section 3.3.3); null for anything else. */
export function readIdempotencyKey(header: string): string | null {
  const key = /^"(.*)"$/.exec(header)?.[1] ?? header;
  return /^[!-~]{1,255}$/.test(key) ? key : null;
}
