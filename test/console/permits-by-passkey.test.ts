import { createPublicKey, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signatures } from '../../src/adapters/crypto/signing-key.ts';
import { makePasskeys } from '../../src/adapters/passkey/passkeys.ts';
import { makePasswordSchemes } from '../../src/adapters/password/password-schemes.ts';
import { approveSubject } from '../../src/app/approval/approve-subject.ts';
import { offerStatement } from '../../src/app/approval/offer-statement.ts';
import { beginReview } from '../../src/app/review/begin-review.ts';
import { readReviewTargets } from '../../src/app/review/read-review-targets.ts';
import { recordVerdicts } from '../../src/app/review/record-verdicts.ts';
import { makeSubjectReader } from '../../src/app/rollout/read-subject.ts';
import type { FrozenPlan } from '../../src/domain/plan/frozen-plan.ts';
import { smallProfile } from '../../src/domain/plan/limits.ts';
import type { OperatorId } from '../../src/domain/shared/ids.ts';
import { Campaign, oneWave } from '../support/campaign.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { SoftwareAuthenticator } from '../support/software-authenticator.ts';
import type { RequestOptions } from '../support/software-authenticator.ts';

const postgres = withTestPostgres();
const publicUrl = 'https://allclear.example';
const atOurs = { origin: publicUrl };
const passkeys = makePasskeys({ publicUrl, rpName: 'Allclear', challengeKey: randomBytes(32), signatures });
const small = { ...oneWave, ...smallProfile, containWaveSizes: [1_000], tellWaveSizes: [1_000] };
let campaign: Campaign;

beforeAll(async () => {
  campaign = await Campaign.begin(await postgres.freshDatabase());
});
afterAll(() => campaign.end());

async function withPasskey(operatorId: OperatorId): Promise<SoftwareAuthenticator> {
  const authenticator = new SoftwareAuthenticator();
  const spki = createPublicKey(authenticator.key).export({ format: 'der', type: 'spki' });
  await campaign.store.transact((tx) =>
    tx.passkeys.add({
      operatorId,
      name: 'phone',
      credentialId: authenticator.id,
      publicKey: spki.toString('base64url'),
      coseKey: 'none',
      rpId: 'allclear.example',
      transports: [],
      aaguid: '',
      isBackupEligible: false,
      isBackedUp: false,
      signCount: 0,
      challenge: authenticator.id,
    }),
  );
  return authenticator;
}

async function review(plan: FrozenPlan, who: OperatorId): Promise<void> {
  await beginReview(campaign.deps, plan.id, who);
  const page = { after: null, limit: 100, which: 'all' } as const;
  const targets = await readReviewTargets({ ...campaign.deps, schemes: makePasswordSchemes() }, plan.id, who, page);
  const verdicts = targets.map((target) => ({ ...target, verdict: 'right' as const }));
  await recordVerdicts(campaign.deps, plan.id, who, verdicts);
}

async function sayYes(plan: FrozenPlan, operatorId: OperatorId, authenticator: SoftwareAuthenticator): Promise<string> {
  const readSubject = makeSubjectReader(campaign.deps.policy);
  const deps = { ...campaign.deps, passkeys, readSubject, directory: campaign.directory.name };
  const asked = { subject: plan.id, digest: plan.digest, total: plan.total, decision: 'approve', operatorId } as const;
  const offered = await offerStatement(deps, asked);
  if (offered.kind === 'refused') return offered.reason;
  const answer = authenticator.get(offered.publicKey as unknown as RequestOptions, atOurs);
  const given = { subject: plan.id, statement: offered.statement, signature: '', answer, operatorId };
  const recorded = await approveSubject(deps, given);
  return recorded.kind === 'refused' ? recorded.reason : recorded.kind;
}

test('a plan that two people reviewed and approved by passkey runs, until one of the passkeys is revoked', async () => {
  const plan = await campaign.draft([await campaign.leaked(campaign.holders(30))], small);
  const [, bo, cy] = campaign.people;
  const bos = await withPasskey(bo.id);
  const cys = await withPasskey(cy.id);
  // Nobody is asked to touch anything before they looked at their targets.
  expect(await sayYes(plan, bo.id, bos)).toBe('review-missing');
  await review(plan, bo.id);
  await review(plan, cy.id);
  expect(await sayYes(plan, bo.id, bos)).toBe('approved');
  await expect(campaign.start(plan)).rejects.toMatchObject({ code: 'needs-approval' });
  expect(await sayYes(plan, cy.id, cys)).toBe('approved');
  const rollout = await campaign.start(plan);
  expect((await campaign.take(rollout, 'contain')).kind).toBe('permit');
  await campaign.pool.query(`UPDATE passkey SET revoked_at = clock_timestamp() WHERE operator_no = 3`);
  await expect(campaign.take(rollout, 'contain')).rejects.toThrow('1 of 2 approvals');
});
