import { digestWords } from '../../src/domain/approval/digest-words.ts';
import { digests } from '../../src/adapters/crypto/digests.ts';
import type { PlanExportLine } from '../../src/domain/plan/recompute-plan.ts';
import type { ShownPlan } from '../../src/app/plan/show-plan.ts';
import type { PlanHeader, PlanTargetLine } from '../../src/domain/plan/frozen-plan.ts';
import { sampleLimits } from '../../src/domain/plan/limits.ts';

/** Numbers and texts that other writers of JSON get wrong: exponents, escapes, keys beyond ASCII. */
const reason = 'observed by "rule ü\u2028" \u0007';

function targetLine(ordinal: number): PlanTargetLine {
  return {
    accountId: `account-${ordinal}`,
    addressDigest: digests.sha256(`address ${ordinal}`),
    containOrdinal: ordinal,
    credentialDigest: null,
    effect: 'quarantine',
    evidence: [ordinal + 1],
    lane: 'main',
    language: 'en',
    noticeNumber: `number-${ordinal}`,
    ordinal,
    reason,
    tellOrdinal: ordinal === 2 ? null : ordinal,
  };
}

/** A small plan as an export would tell it. */
export function samplePlan(): { readonly digest: string; readonly total: number; readonly lines: PlanExportLine[] } {
  const targets = [0, 1, 2].map(targetLine);
  const exclusions = [{ accountId: 'account-9', reason: 'weak-evidence-only' }];
  const digestOf = (lines: readonly unknown[]): string =>
    digests.sha256(lines.map((line) => `${digests.canonical(line)}\n`).join(''));
  const header: PlanHeader = {
    v: 1,
    plan: 'plan_1',
    deployment: 'dep_0123456789abcdef',
    environment: 'sample',
    directory: 'chirp',
    author: 'operator_2',
    action: 'reset',
    notice: 'password-reset',
    codeVersion: 'test',
    createdAt: '2026-11-23T11:00:00.000Z',
    evidence: { batches: ['batch_1'], items: 3 },
    targets: { total: 3, told: 2, lanes: { main: 3 }, digest: digestOf(targets) },
    exclusions: { total: 1, digest: digestOf(exclusions) },
    templates: [],
    constants: { 'service-name': 'Chirp €', 'support-contact': 'help@chirp.example' },
    limits: { ...sampleLimits, growth: 1e21 },
    waves: { containEnds: [3], tellEnds: [2], tellNeedsContained: [3], containNeedsTold: [0] },
    orderKey: '00',
    addressComparison: 'ascii-lower',
    collateral: [],
    sealKeyId: 'key',
  };
  const digest = digests.sha256(digests.canonical(header));
  return {
    digest,
    total: 3,
    lines: [
      { kind: 'plan', digest, header },
      ...targets.map((target): PlanExportLine => ({ kind: 'target', target })),
      ...exclusions.map((exclusion): PlanExportLine => ({ kind: 'exclusion', exclusion })),
    ],
  };
}

export async function* each<Item>(items: readonly Item[]): AsyncIterable<Item> {
  yield* items;
}

/** What `plan show` would say of it. `name` is whatever an operator is called. */
export function shownPlan(name = 'Ada'): ShownPlan {
  const { digest, total, lines } = samplePlan();
  const { header } = lines[0] as Extract<PlanExportLine, { kind: 'plan' }>;
  return {
    plan: 'plan_1',
    digest,
    digestWords: digestWords(digest),
    author: 'operator_2',
    createdAt: header.createdAt,
    directory: header.directory,
    environment: header.environment,
    action: 'reset',
    codeVersion: 'test',
    batches: ['batch_1'],
    suspension: null,
    counts: { total, told: 2, quarantined: 3, suspended: 0, sessionsOnly: 0, excluded: 1, evidence: 3, control: 0 },
    lanes: [],
    exclusions: [],
    sample: [],
    difference: null,
    risks: [],
    cannotBeUndone: ['Sessions that were ended stay ended.'],
    lastRestoreAt: null,
    budgets: null,
    limits: header.limits,
    waves: header.waves,
    templates: [],
    review: { need: 'none', each: 0, reviewers: [], wrong: [], proves: '' },
    approvals: {
      given: [
        {
          operator: 'operator_1',
          name,
          givenAt: new Date('2026-11-23T12:00:00Z'),
          until: new Date('2026-11-24T11:00:00Z'),
          holds: true,
        },
      ],
      have: 1,
      required: 2,
      until: null,
    },
    started: false,
  };
}
