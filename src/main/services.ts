import { createHmac, timingSafeEqual } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { makeCheckpointFile } from '../adapters/checkpoint/checkpoint-file.ts';
import { digests } from '../adapters/crypto/digests.ts';
import { signatures } from '../adapters/crypto/signing-key.ts';
import { makeListReader } from '../adapters/list/list-reader.ts';
import { compileMessage } from '../adapters/mail/compile-message.ts';
import { makeRehearsalTransport } from '../adapters/mail/rehearsal-transport.ts';
import { makePasskeys } from '../adapters/passkey/passkeys.ts';
import { makePasswordSchemes } from '../adapters/password/password-schemes.ts';
import { checkPassword } from '../app/action/check-password.ts';
import { openSealedHash } from '../app/action/open-sealed-hash.ts';
import { openAppeal } from '../app/appeal/open-appeal.ts';
import { showAppeal } from '../app/appeal/show-appeal.ts';
import { approveSubject } from '../app/approval/approve-subject.ts';
import { exportApprovals } from '../app/approval/export-approvals.ts';
import { offerStatement } from '../app/approval/offer-statement.ts';
import { showPolicy } from '../app/deployment/show-policy.ts';
import { askOverride, readOverride } from '../app/drill/ask-override.ts';
import { listDrills, showDrill } from '../app/drill/show-drill.ts';
import { importEvidence } from '../app/evidence/import-evidence.ts';
import { listSources } from '../app/evidence/list-sources.ts';
import { planWithdrawal } from '../app/evidence/plan-withdrawal.ts';
import { showEvidence } from '../app/evidence/show-evidence.ts';
import { withdrawEvidence } from '../app/evidence/withdraw-evidence.ts';
import { explain } from '../app/explain/explain.ts';
import { erasePersonal } from '../app/ledger/erase-personal.ts';
import { listEntries } from '../app/ledger/list-entries.ts';
import { showLoss } from '../app/ledger/show-loss.ts';
import { verifyLedger } from '../app/ledger/verify-ledger.ts';
import { previewNotices } from '../app/notice/preview-notices.ts';
import { listSuppressions, removeSuppression } from '../app/notice/remove-suppression.ts';
import { recordDispute } from '../app/notice/record-dispute.ts';
import { previewCorrection, sendCorrection } from '../app/notice/send-correction.ts';
import { checkNotice } from '../app/notice/check-notice.ts';
import { acceptInvitation } from '../app/operator/accept-invitation.ts';
import { addOperator } from '../app/operator/add-operator.ts';
import { makeHaltAuthenticator } from '../app/operator/authenticate-to-halt.ts';
import { authenticateToken } from '../app/operator/authenticate-token.ts';
import type { Caller } from '../app/operator/authenticate-token.ts';
import { decideOperator } from '../app/operator/decide-operator.ts';
import { inviteOperator } from '../app/operator/invite-operator.ts';
import { issueToken } from '../app/operator/issue-token.ts';
import { makeTokenUse } from '../app/operator/note-token-use.ts';
import { listTokens, revokeToken } from '../app/operator/revoke-token.ts';
import { listRollouts } from '../app/overview/list-rollouts.ts';
import { readOverview } from '../app/overview/read-overview.ts';
import { draftPlan } from '../app/plan/draft-plan.ts';
import { exportPlan } from '../app/plan/export-plan.ts';
import { rehearsePlan } from '../app/plan/rehearse-plan.ts';
import { showPlan } from '../app/plan/show-plan.ts';
import type { Tx } from '../app/ports/store.ts';
import { draftRetraction } from '../app/retraction/draft-retraction.ts';
import { exportRetraction } from '../app/retraction/export-retraction.ts';
import { listRetraction } from '../app/retraction/list-retraction.ts';
import { retractionsOf } from '../app/retraction/retractions-of.ts';
import { showRetraction } from '../app/retraction/show-retraction.ts';
import { startRetraction } from '../app/retraction/start-retraction.ts';
import { makeRequestKeys } from '../app/request/request-keys.ts';
import type { Mac } from '../app/request/request-keys.ts';
import type { RetentionDeps } from '../app/retention/retention-deps.ts';
import { previewRetention, runRetention } from '../app/retention/run-retention.ts';
import { beginReview } from '../app/review/begin-review.ts';
import { readOwnReview, requireFrozen } from '../app/review/own-review.ts';
import { readReviewTargets } from '../app/review/read-review-targets.ts';
import { recordVerdicts } from '../app/review/record-verdicts.ts';
import { haltRollout } from '../app/rollout/halt-rollout.ts';
import { readEventPlace, readRolloutEvents } from '../app/rollout/read-events.ts';
import { readRolloutStatus } from '../app/rollout/read-status.ts';
import { makeSubjectReader } from '../app/rollout/read-subject.ts';
import { listDisputes } from '../app/rollout/list-disputes.ts';
import { pauseRollout } from '../app/rollout/pause-rollout.ts';
import { resumeRollout } from '../app/rollout/resume-rollout.ts';
import { startRollout } from '../app/rollout/start-rollout.ts';
import { publicStatement, publicStatements } from '../app/statement/public-statement.ts';
import { writeStatement } from '../app/statement/write-statement.ts';
import { eraseSubject, previewErasure } from '../app/subject/erase-subject.ts';
import { exportSubject } from '../app/subject/export-subject.ts';
import { Failure } from '../domain/shared/failure.ts';
import type { DrillId } from '../domain/shared/ids.ts';
import { isTrack } from '../domain/shared/track.ts';
import type { Services } from '../http/services.ts';
import type { FindCaller } from './drill/drill-host.ts';
import { makeFeedbackWebhooks } from './feedback-webhooks.ts';
import { makeConsoleServices } from './console-services.ts';
import { makeHolderPages } from './holder-pages.ts';
import type { HolderPageServices } from './holder-pages.ts';
import { checkpointPath } from './installation.ts';
import type { Installation } from './installation.ts';
import { limitsFrom } from './limits-from.ts';
import { mailRatesFrom } from './mail-rates-from.ts';
import { checkUrlOf, makeMailIdentity } from './mail-identity.ts';
import { noticeHeadersFor } from './feedback-channels.ts';
import { showFeedback } from './show-feedback.ts';
import { openIdentityProvider } from './open-identity-provider.ts';
import { requireRoom } from './require-room.ts';
import { policyMeaning } from './policy-facts.ts';

/** Joins every use case to this installation: what the API calls. */
export function makeServices(
  installation: Installation,
  pages: Pick<HolderPageServices, 'recovery' | 'pageReadiness' | 'decideAppeal' | 'askStatus'> = makeHolderPages(
    installation,
  ),
): Services {
  const { config, store, seal, directory, deployment, codeVersion, policy, fence, noticeNumbers, templates, clock } =
    installation;
  const { deploymentId, environment } = deployment;
  const schemes = makePasswordSchemes();
  const sealed = { store, seal, directoryName: directory.name, deployment: deploymentId };
  const approvals = { digests, signatures, deploymentId };
  const named = { id: deploymentId, environment };
  const constants = { 'service-name': config.serviceName, 'support-contact': config.supportContact };
  const checkpoints = makeCheckpointFile(checkpointPath(config));
  const noteTokenUse = makeTokenUse({ store });

  const importing = {
    store,
    seal,
    digests,
    directory,
    schemes,
    clock,
    reader: makeListReader(),
    openSealedHash: (account: Parameters<typeof openSealedHash>[1], point: string) =>
      openSealedHash(sealed, account, point),
    verifiers: availableParallelism(),
  };
  const drafting = {
    store,
    digests,
    directory,
    seal,
    templates,
    noticeNumbers,
    deployment: named,
    codeVersion,
    constants,
  };
  const corrections = { store, noticeNumbers };
  const retracting = { store, digests, deployment: named, codeVersion };
  const mailRate = { rates: mailRatesFrom(config), store: installation.rateStore };
  const reading = { store, policy, mailRate, directory, templates, serviceName: config.serviceName, ...approvals };

  const { halting, drills } = installation;
  const { drillRule } = policy;
  const showing = { store, drillRule, progressOf: (drill: DrillId) => drills.progressOf(drill) };
  const halters = makeHaltAuthenticator({ store: halting.store, digests, clock, inTime: halting.inAskTime });
  const passkeys = makePasskeys({
    publicUrl: config.publicUrl,
    rpName: `Allclear of ${config.serviceName}`,
    challengeKey: installation.keys.derive('passkey-challenge'),
    signatures,
  });
  const readSubject = makeSubjectReader(policy);
  const deciding = { store, passkeys, ...approvals, directory: directory.name, hasAnyRollout };
  const signIns = makeConsoleServices({
    store,
    deploymentId,
    environment,
    publicUrl: config.publicUrl,
    passkeys,
    identityProvider: openIdentityProvider(installation),
    limits: config,
    halters,
    clock,
  });
  const authenticate = async (token: string): Promise<Caller> => {
    const caller = await authenticateToken({ store, digests }, token);
    halters.remember(token, caller);
    if (caller.isFirstOfHour && caller.token !== null) noteTokenUse(caller.token);
    return caller;
  };
  const findCaller: FindCaller = ({ by, secret, isHalt, isAct }) => {
    if (by === 'token') return isHalt ? halters.authenticate(secret) : authenticate(secret);
    return isHalt ? signIns.authenticateSessionToHalt(secret) : signIns.authenticateSession(secret, isAct);
  };
  const requireStanding = async (): Promise<void> => {
    const behind = await store.transact((tx) => tx.standing.behind());
    if (behind === null) return;
    const words = `Nothing is sent or acted on, only read and halted: ${behind.reason}. On the server's own machine: allclear ledger accept-restored`;
    throw new Failure('database-behind', words, { kind: behind.kind, foundAt: behind.foundAt.toISOString() });
  };

  return {
    deployment: {
      deployment: deploymentId,
      environment,
      directory: directory.name,
      codeVersion,
      serviceName: config.serviceName,
    },
    showPolicy: async () =>
      (await showPolicy({ store })).map((setting) => ({ ...setting, ...policyMeaning(setting.name) })),
    holderPages: {
      recoveryUrl: config.recovery === 'hosted' ? new URL('/recover', config.publicUrl).href : config.recoveryUrl,
      supportContact: config.supportContact,
      publicUrl: config.publicUrl,
    },
    feedback: makeFeedbackWebhooks(installation),
    showFeedback: () => showFeedback(installation),
    listSuppressions: (limit, of = null, after = null) => listSuppressions({ store }, limit, of, after),
    removeSuppression: (notice, by) => removeSuppression({ store }, notice, by),
    // Anybody may ask whether it is ready; how far it is behind is for those who have a token.
    ready: async () => {
      if ((await store.transact((tx) => tx.standing.behind())) === null) return;
      throw new Failure('database-behind', 'The database may be older than the world: it can be read and halted only.');
    },
    requireStanding,

    authenticate,
    authenticateToHalt: (token) => halters.authenticate(token),
    ...signIns,
    requestKeys: makeRequestKeys({ store, startMac: () => startMac(installation), holder: digests.randomHex(16) }),

    isServiceToken: (token) => config.serviceToken !== null && equalTexts(token, config.serviceToken),
    issueToken: (request, signature) => issueToken({ store, ...approvals }, request, signature),
    listTokens: (of) => listTokens({ store }, of),
    revokeToken: (input) => revokeToken({ store }, input),

    listOperators: (limit, after) => store.transact((tx) => tx.operators.page(limit, after)),
    proposeOperator: (input) => addOperator({ store, digests, hasAnyPlan }, input),
    inviteOperator: (given) => inviteOperator({ store, ...approvals, profile: config.profile }, given),
    acceptInvitation: (given) => acceptInvitation({ store, ...approvals, profile: config.profile }, given),
    decideOperator: (input) => decideOperator(deciding, input),

    importEvidence: async (request, onProgress) => {
      await requireRoom(config);
      return importEvidence(importing, request, onProgress);
    },
    listSources: (limit, before) => listSources({ store }, limit, before),
    listBatches: (limit, after) => store.transact((tx) => tx.evidence.listBatches(limit, after)),
    showEvidence: (batch) => showEvidence({ store }, batch),
    planWithdrawal: (request) => planWithdrawal({ store, seal }, request),
    withdrawEvidence: (request) => withdrawEvidence({ store, seal }, request),

    draftPlan: async (request, onProgress) => {
      await requireRoom(config);
      return draftPlan(drafting, { ...request, limits: limitsFrom(config, request.limits) }, onProgress);
    },
    listPlans: (limit, after = null) => store.transact((tx) => tx.plans.list(limit, after)),
    showPlan: (plan) => showPlan(reading, plan),
    previewNotices: (plan) =>
      previewNotices({ store, templates, checkUrl: (number) => checkUrlOf(config.publicUrl, number) }, plan),
    exportPlan: (plan, by) => exportPlan(store, plan, by),
    rehearsePlan: (plan, to, by) => rehearse(installation, plan, to, by),
    beginReview: (plan, reviewer) => beginReview({ store, digests }, plan, reviewer),
    readOwnReview: (plan, reviewer) =>
      store.transact(async (tx) => readOwnReview(tx, await requireFrozen(tx, plan), reviewer)),
    readReviewTargets: (plan, reviewer, page) =>
      readReviewTargets({ store, digests, directory, schemes }, plan, reviewer, page),
    recordVerdicts: (plan, reviewer, verdicts) => recordVerdicts({ store, digests }, plan, reviewer, verdicts),
    approveSubject: (input) => approveSubject({ store, passkeys, ...approvals, readSubject }, input),
    exportApprovals: (subject) => exportApprovals({ store }, subject),
    offerStatement: (asked) => offerStatement({ ...deciding, readSubject }, asked),

    startRollout: (plan, total, by) =>
      startRollout(
        { store, policy, codeVersion, directory, mailerEnvironment: config.environment, environment },
        plan,
        total,
        by,
      ),
    listRollouts: (limit, before) => listRollouts({ store }, limit, before),
    readOverview: (me) => readOverview({ ...reading, codeVersion }, me),
    readRolloutStatus: (subject) => readRolloutStatus(reading, subject),
    readEventPlace: (subject) => readEventPlace(reading, subject),
    readRolloutEvents: (subject, after, limit) => readRolloutEvents(reading, subject, after, limit),
    resumeRollout: (subject, by) => resumeRollout({ store, fence, policy, ...approvals }, subject, by),
    pauseRollout: (request) => pauseRollout({ store }, request),
    listDisputes: (subject, limit, after) => listDisputes({ store }, subject, limit, after),
    haltRollout: (request) => haltRollout(halting.deps, request),

    previewCorrection: (plan, kind) => previewCorrection(corrections, plan, kind),
    sendCorrection: (plan, kind, total, by) => sendCorrection(corrections, plan, kind, total, by),

    draftRetraction: (plan, author) => draftRetraction(retracting, plan, author),
    exportRetraction: (retraction, by) => exportRetraction(store, retraction, by),
    retractionsOf: (plan) => retractionsOf({ store }, plan),
    showRetraction: (subject) => showRetraction(reading, subject),
    listRetraction: (retraction, page) => listRetraction({ store }, retraction, page),
    startRetraction: (retraction, by) =>
      startRetraction({ store, noticeNumbers, codeVersion, ...approvals }, retraction, by),

    beginDrill: async (by) => showDrill(showing, await drills.begin(by, findCaller)),
    listDrills: (limit) => listDrills(showing, limit),
    showDrill: (drill) => showDrill(showing, drill),
    askDrillOverride: (plan, reason, by) => askOverride({ store, digests, drillRule }, plan, reason, by),
    readDrillOverride: (plan) => readOverride({ store }, plan),
    async forwardToDrill(request, clientAddress) {
      const answer = drills.forward(request, clientAddress);
      if (answer === null)
        throw new Failure('not-found', 'No drill is running. Without --drill a command is about the real thing.');
      return answer;
    },

    explain: (query, by) => explain(reading, query, by),
    exportSubject: (query, by) => exportSubject(reading, query, by),
    previewErasure: (query) => previewErasure(reading, query),
    eraseSubject: (query, by) => eraseSubject(reading, query, by),
    writeStatement: (plan) => writeStatement(reading, plan),
    previewRetention: () => previewRetention({ store, keepAddressDays: config.keepAddressDays }),
    runRetention: (by) =>
      runRetention(
        retentionDeps(installation, () => false),
        by,
      ),
    erasePersonal: (value) => erasePersonal(store, value),
    showLoss: () => showLoss({ store, ...approvals }),
    listLedger: (filter) => listEntries({ store }, filter),
    verifyLedger: () =>
      verifyLedger({
        store,
        log: checkpoints,
        digests,
        signatures,
        deploymentId,
        ledgerPublicKey: installation.ledgerKey.publicKey,
        readOutcomeVector: (rolloutNo, track, fromOrdinal, attempt) =>
          store.transact(async (tx) => {
            const permit = isTrack(track) ? await tx.rollouts.permitAt(rolloutNo, track, fromOrdinal) : null;
            return permit !== null && permit.fromOrdinal === fromOrdinal && permit.attempt === attempt
              ? permit.settledOutcome
              : null;
          }),
      }),

    checkPassword: (request) => checkPassword({ ...sealed, schemes }, request),
    recovery: pages.recovery,
    askStatus: (asked) => pages.askStatus(asked),
    publicStatements: (limit) => publicStatements({ store }, limit),
    openAppeal: (typed) => openAppeal({ store, digests }, typed),
    listAppeals: (of, limit, after) =>
      store.transact(async ({ appeals }) => ({
        open: await appeals.countOpen(),
        appeals: await appeals.list(of, limit, after),
      })),
    showAppeal: (appeal) => showAppeal(store, appeal),
    decideAppeal: (given) => pages.decideAppeal(given),
    pageReadiness: () => pages.pageReadiness(),
    recordDispute: (press) => recordDispute({ store }, press),
    checkNotice: (typed) =>
      checkNotice({ store, digests, templates, checkUrl: (number) => checkUrlOf(config.publicUrl, number) }, typed),
    publicStatement: (plan) => publicStatement({ store, digests }, plan),
  };
}

/** The job of the server and the operator's own run are the same one. */
export function retentionDeps(installation: Installation, isStopping: () => boolean): RetentionDeps {
  const { store, clock, directory, seal, deployment, config } = installation;
  const { keepAddressDays } = config;
  return { store, clock, directory, seal, digests, deployment: deployment.deploymentId, keepAddressDays, isStopping };
}

async function hasAnyPlan(tx: Tx): Promise<boolean> {
  return (await tx.plans.list(1)).length > 0;
}

async function hasAnyRollout(tx: Tx): Promise<boolean> {
  return tx.rollouts.anyEverStarted();
}

async function rehearse(
  installation: Installation,
  plan: Parameters<typeof rehearsePlan>[1],
  to: string,
  by: Parameters<typeof rehearsePlan>[3],
): ReturnType<typeof rehearsePlan> {
  const { config, store, templates, deployment, keys, clock } = installation;
  const addresses = new Set((await store.transact((tx) => tx.operators.list())).map((operator) => operator.email));
  const transport = makeRehearsalTransport({
    smtpUrl: config.smtpUrl ?? '',
    isOperatorAddress: (address) => addresses.has(address),
    ...(installation.dkim === null ? {} : { signMail: installation.dkim.signMail }),
  });
  const identity = makeMailIdentity({
    mailFrom: config.mailFrom,
    publicUrl: config.publicUrl,
    deployment: deployment.deploymentId,
    keys,
    returnPathDomain: config.returnPathDomain,
    noticeHeaders: noticeHeadersFor(config),
  });
  try {
    return await rehearsePlan(
      { store, templates, compileMessage, transport, identity, now: () => clock.now() },
      plan,
      to,
      by,
    );
  } finally {
    await transport.close();
  }
}

function startMac({ keys }: Installation): Mac {
  const mac = createHmac('sha256', keys.derive('request-key'));
  return { update: (piece) => void mac.update(piece), hex: () => mac.digest('hex') };
}

/** In constant time for texts of one length; tokens have one length. */
function equalTexts(a: string, b: string): boolean {
  const left = Buffer.from(digests.sha256(a));
  return timingSafeEqual(left, Buffer.from(digests.sha256(b)));
}
