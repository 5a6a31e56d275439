import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { recomputeInBrowser } from '../../console/src/plan/recompute-in-browser.ts';
import type { ReadSoFar } from '../../console/src/digest/export-lines.ts';
import { makeSha256 } from '../../console/src/digest/sha256.ts';
import { sayYes } from '../../console/src/session/passkey.ts';
import { reviewRecord } from '../../src/domain/approval/review-standing.ts';
import { planHeader, targetLines } from './invented-export.ts';
import type { LyingServer } from './invented-export.ts';

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** A server that answers the console as `said` has it, and keeps what it was asked. */
function answerWith(said: LyingServer): readonly string[] {
  const asked: string[] = [];
  vi.stubGlobal('fetch', (path: string) => {
    asked.push(path);
    const answer = said[path];
    if (answer === undefined) throw new Error(`nobody answers at ${path}`);
    return Promise.resolve(typeof answer === 'string' ? new Response(answer) : Response.json(answer));
  });
  return asked;
}

afterEach(() => vi.unstubAllGlobals());

describe('SHA-256 in the browser', () => {
  it('is that of everybody else, in whatever pieces it is fed', () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 12 });
    fc.assert(
      fc.property(pieces, (fed) => {
        const own = makeSha256();
        for (const piece of fed) own.update(piece);
        expect(own.digest()).toBe(createHash('sha256').update(Buffer.concat(fed)).digest('hex'));
      }),
      { seed: 20_140_303 },
    );
  });

  it('ends a message rightly at every place in a block', () => {
    for (let length = 0; length <= 130; length += 1) {
      const own = makeSha256();
      own.update(new Uint8Array(length).fill(97));
      expect(own.digest()).toBe(sha256('a'.repeat(length)));
    }
  });
});

describe('what a yes is to is computed in the browser', () => {
  const targets = targetLines(40);
  const header = planHeader(targets, { review: 'all' });
  const digest = sha256(canonicalize(header) ?? '');
  const verdicts = targets.map(({ ordinal }) => ({ ordinal, verdict: 'right' as const }));
  const shown = { plan: 'plan_1', digest, directory: 'chirp', total: 40 };
  const path = '/api/v1/plans/plan_1';

  const honest = (told: { header?: object; digest?: string; lines?: readonly object[] } = {}): LyingServer => ({
    [`${path}/exports`]: [
      { kind: 'plan', digest: told.digest ?? digest, header: told.header ?? header },
      ...(told.lines ?? targets.map((target) => ({ kind: 'target', target }))),
    ]
      .map((line) => `${JSON.stringify(line)}\n`)
      .join(''),
    '/api/v1/deployment': { deployment: 'd-1' },
    [`${path}/reviews/own`]: { planDigest: digest, reviewer: 'operator_2', verdicts },
  });

  const compute = (page: object = {}): ReturnType<typeof recomputeInBrowser> =>
    recomputeInBrowser({ ...shown, ...page }, () => undefined, new AbortController().signal);

  it('with the digest of one’s own verdicts, as the server computes both', async () => {
    answerWith(honest());
    const record = reviewRecord(digest, 'operator_2', verdicts);
    expect(await compute()).toEqual({
      digest,
      total: 40,
      decision: 'approve',
      deployment: 'd-1',
      directory: 'chirp',
      review: sha256(canonicalize(record) ?? ''),
    });
  });

  it('says how far it is, and never more than there is', async () => {
    const many = targetLines(20_000);
    const long = planHeader(many, { review: 'none' });
    const own = sha256(canonicalize(long) ?? '');
    answerWith(honest({ header: long, digest: own, lines: many.map((target) => ({ kind: 'target', target })) }));
    const heard: ReadSoFar[] = [];
    const page = { ...shown, digest: own, total: 20_000 };
    await recomputeInBrowser(page, (soFar) => void heard.push(soFar), new AbortController().signal);
    expect(heard.every(({ read, of }) => of === 20_000 && read <= of)).toBe(true);
    expect(heard).toEqual(heard.toSorted((left, right) => left.read - right.read));
  });

  const other = targets.map((target) => (target.ordinal === 7 ? { ...target, accountId: 'somebody-else' } : target));
  const asLines = (of: readonly object[]): readonly object[] => of.map((target) => ({ kind: 'target', target }));
  const otherHeader = planHeader(other, { review: 'all' });
  it.each<[string, LyingServer, object]>([
    ['one account is another than the header has', honest({ lines: asLines(other) }), {}],
    [
      'the header is of another plan than the page shows',
      honest({ header: otherHeader, digest: sha256(canonicalize(otherHeader) ?? ''), lines: asLines(other) }),
      {},
    ],
    [
      'the header is another, and the digest that of the page',
      honest({ header: otherHeader, lines: asLines(other) }),
      {},
    ],
    ['a target is missing', honest({ lines: asLines(targets.slice(0, -1)) }), {}],
    ['there is one target more', honest({ lines: asLines([...targets, { ...targets[0], ordinal: 40 }]) }), {}],
    ['two targets changed places', honest({ lines: asLines([targets[1]!, targets[0]!, ...targets.slice(2)]) }), {}],
    ['the page shows another total', honest(), { total: 39 }],
    ['the page shows another directory', honest(), { directory: 'other' }],
    ['the page shows another digest', honest(), { digest: 'a'.repeat(64) }],
    ['it belongs to another deployment', { ...honest(), '/api/v1/deployment': { deployment: 'd-2' } }, {}],
    [
      'the export is of another plan',
      honest({
        header: { ...header, plan: 'plan_2' },
        digest: sha256(canonicalize({ ...header, plan: 'plan_2' }) ?? ''),
      }),
      {},
    ],
  ])('nothing can be signed where %s', async (_, said, page) => {
    answerWith(said);
    await expect(compute(page)).rejects.toMatchObject({ code: 'digest-mismatch' });
  });

  it.each([
    ['wrong', 'review-wrong'],
    ['cannot-tell', 'needs-review'],
    [null, 'needs-review'],
  ] as const)('nothing can be signed over a verdict that is %s', async (verdict, code) => {
    const found = verdicts.with(3, { ordinal: 3, verdict: verdict as 'right' });
    answerWith({
      ...honest(),
      [`${path}/reviews/own`]: { planDigest: digest, reviewer: 'operator_2', verdicts: found },
    });
    await expect(compute()).rejects.toMatchObject({ code });
  });
});

describe('the passkey is asked only for the text that is meant', () => {
  const meant = {
    digest: 'a'.repeat(64),
    total: 40,
    decision: 'approve',
    deployment: 'd-1',
    directory: 'chirp',
    review: 'b'.repeat(64),
  };
  const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
  const offered = { ...meant, nonce: 'c'.repeat(32), expiry: inAnHour };
  const to = { kind: 'plan', subject: 'plan_1', digest: meant.digest, total: 40, decision: 'approve' } as const;

  function offer(statement: string, over = statement): void {
    const challenge = createHash('sha256').update(over, 'utf8').digest('base64url');
    answerWith({ '/api/v1/approvals/options': { statement, publicKey: { challenge } } });
  }

  it.each<[string, object]>([
    ['another plan', { digest: 'd'.repeat(64) }],
    ['another total', { total: 41 }],
    ['another decision', { decision: 'resume-epoch-3' }],
    ['another directory', { directory: 'live' }],
    ['another deployment', { deployment: 'd-2' }],
    ['another review', { review: 'd'.repeat(64) }],
    ['a yes that never lapses', { expiry: '2999-01-01T00:00:00.000Z' }],
    ['a field that nobody reads', { also: 'plan_2' }],
  ])('and not for %s', async (_, changed) => {
    offer(canonicalize({ ...offered, ...changed }) ?? '');
    await expect(sayYes(to, meant)).rejects.toMatchObject({ problem: { code: 'digest-mismatch' } });
  });

  it('and not for a challenge that is over another text', async () => {
    offer(canonicalize(offered) ?? '', canonicalize({ ...offered, total: 400 }) ?? '');
    await expect(sayYes(to, meant)).rejects.toMatchObject({ problem: { code: 'digest-mismatch' } });
  });

  it('and for the right one it is', async () => {
    offer(canonicalize(offered) ?? '');
    // There is no authenticator here: that it was asked is all that can be seen.
    await expect(sayYes(to, meant)).rejects.toMatchObject({ problem: { code: 'passkey-unanswered' } });
  });
});
