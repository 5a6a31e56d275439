import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { recomputeShownRetraction } from '../../console/src/retraction/recompute-retraction.ts';
import { decisionToResume, recomputeResumed } from '../../console/src/rollout/recompute-resume.ts';
import { sayYes } from '../../console/src/session/passkey.ts';
import { planHeader, retractionHeader, retractionLines, targetLines } from './invented-export.ts';
import type { LyingServer } from './invented-export.ts';

const sha256 = (value: object): string =>
  createHash('sha256')
    .update(canonicalize(value) ?? '', 'utf8')
    .digest('hex');
const signal = new AbortController().signal;

function answerWith(said: LyingServer): void {
  vi.stubGlobal('fetch', (path: string) => {
    const answer = said[path];
    if (answer === undefined) throw new Error(`nobody answers at ${path}`);
    return Promise.resolve(typeof answer === 'string' ? new Response(answer) : Response.json(answer));
  });
}

const asText = (lines: readonly object[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

afterEach(() => vi.unstubAllGlobals());

const lines = retractionLines(60);
const header = retractionHeader(lines);
const digest = sha256(header);
/** 20 restored and told, 20 told alone. */
const shown = { retraction: 'retraction_1', plan: 'plan_1', digest, affected: 40, directory: 'chirp' };

function honest(told: { header?: object; digest?: string; lines?: readonly object[] } = {}): LyingServer {
  return {
    '/api/v1/retractions/retraction_1/exports': asText([
      { kind: 'retraction', digest: told.digest ?? digest, header: told.header ?? header },
      ...(told.lines ?? lines).map((target) => ({ kind: 'target', target })),
    ]),
    '/api/v1/deployment': { deployment: 'd-1' },
  };
}

/** What the server would send of these lines, with everything that follows from them. */
function wholly(of: readonly object[], changed: object = {}): LyingServer {
  const other = { ...retractionHeader(of as typeof lines), ...changed };
  return honest({ header: other, digest: sha256(other), lines: of });
}

describe('what a yes to a retraction is to is computed in the browser', () => {
  const compute = (page: object = {}): ReturnType<typeof recomputeShownRetraction> =>
    recomputeShownRetraction({ ...shown, ...page }, 'approve', () => undefined, signal);

  it('from every account of it, as the server computes it', async () => {
    answerWith(honest());
    expect(await compute()).toEqual({
      digest,
      total: 40,
      decision: 'approve',
      deployment: 'd-1',
      directory: 'chirp',
      review: null,
    });
  });

  /** A password that a thief has goes back, where the page shows that it is kept. */
  const handedBack = lines.map((line) => (line.ordinal === 1 ? { ...line, decision: 'restore' } : line));
  it.each<[string, LyingServer, object]>([
    ['one that is shown as kept would be given back', honest({ lines: handedBack }), {}],
    ['the same, with a header to it', wholly(handedBack), {}],
    ['the same, under the digest of the page', honest({ header: retractionHeader(handedBack), lines: handedBack }), {}],
    ['an account is missing', honest({ lines: lines.slice(0, -1) }), {}],
    ['an account is added', honest({ lines: [...lines, { ...lines[0], ordinal: 60 }] }), {}],
    ['two changed places', honest({ lines: [lines[1]!, lines[0]!, ...lines.slice(2)] }), {}],
    ['the header counts other decisions', honest({ header: { ...header, decisions: {} } }), {}],
    ['it is another retraction', wholly(lines, { retraction: 'retraction_2' }), {}],
    ['it is of another plan', wholly(lines, { plan: 'plan_2' }), {}],
    ['it is of another deployment', { ...honest(), '/api/v1/deployment': { deployment: 'd-2' } }, {}],
    ['the page shows another directory', honest(), { directory: 'other' }],
    ['the page shows another total', honest(), { affected: 39 }],
    ['the page shows another digest', honest(), { digest: 'a'.repeat(64) }],
  ])('nothing can be signed where %s', async (_, said, page) => {
    answerWith(said);
    await expect(compute(page)).rejects.toMatchObject({ code: 'digest-mismatch' });
  });
});

describe('what a yes to resuming is to is computed in the browser', () => {
  const targets = targetLines(40);
  const ofPlan = planHeader(targets, { review: 'all' });
  const plan = { plan: 'plan_1', digest: sha256(ofPlan), directory: 'chirp', total: 40 };
  const ofTargets = (of: readonly object[]): LyingServer => ({
    '/api/v1/plans/plan_1/exports': asText([
      { kind: 'plan', digest: plan.digest, header: ofPlan },
      ...of.map((target) => ({ kind: 'target', target })),
    ]),
    '/api/v1/deployment': { deployment: 'd-1' },
  });
  const held = { track: 'tell', wave: 2, gate: 'disputes', cause: 'over-baseline', count: 3 } as const;
  const status = { epoch: 4, goOn: { decision: 'resume-epoch-9', over: [held] } };

  it('from every line of the plan, without a review, and with the decision made from what is shown', async () => {
    answerWith(ofTargets(targets));
    const decision = decisionToResume(status, true);
    expect(decision).toBe('resume-epoch-4-over-tell.2.disputes.over-baseline.3');
    expect(decisionToResume(status, false)).toBe('resume-epoch-4');
    expect(await recomputeResumed(plan, decision, () => undefined, signal)).toEqual({
      digest: plan.digest,
      total: 40,
      decision,
      deployment: 'd-1',
      directory: 'chirp',
      review: null,
    });
  });

  it('and not where somebody else is in the plan than was approved', async () => {
    const other = targets.map((target) => (target.ordinal === 7 ? { ...target, accountId: 'somebody-else' } : target));
    answerWith(ofTargets(other));
    await expect(recomputeResumed(plan, 'resume-epoch-4', () => undefined, signal)).rejects.toMatchObject({
      code: 'digest-mismatch',
    });
  });

  it('of a retraction, from every account of it', async () => {
    answerWith(honest());
    const of = { ...shown, directory: null };
    expect(await recomputeResumed(of, 'resume-epoch-2', () => undefined, signal)).toMatchObject({ digest, total: 40 });
    answerWith(honest({ lines: lines.slice(0, -1) }));
    await expect(recomputeResumed(of, 'resume-epoch-2', () => undefined, signal)).rejects.toMatchObject({
      code: 'digest-mismatch',
    });
  });

  it('the passkey is not asked for a resume of a later halt than the one that is shown', async () => {
    const meant = { digest: plan.digest, total: 40, decision: 'resume-epoch-4', deployment: 'd-1', review: null };
    const expiry = new Date(Date.now() + 3_600_000).toISOString();
    const offered = { ...meant, directory: 'chirp', decision: 'resume-epoch-5', nonce: 'c'.repeat(32), expiry };
    const { review: _, ...statement } = offered;
    const text = canonicalize(statement) ?? '';
    const challenge = createHash('sha256').update(text, 'utf8').digest('base64url');
    answerWith({ '/api/v1/approvals/options': { statement: text, publicKey: { challenge } } });
    const to = { kind: 'plan', subject: 'plan_1', digest: plan.digest, total: 40, decision: 'resume-epoch-4' } as const;
    await expect(sayYes(to, meant)).rejects.toMatchObject({ problem: { code: 'digest-mismatch' } });
  });
});
