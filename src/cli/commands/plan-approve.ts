import type { Command } from 'commander';
import type { PlanExportLine } from '../../domain/plan/recompute-plan.ts';
import { deploymentRoutes } from '../../contract/deployment.ts';
import { planRoutes } from '../../contract/plan.ts';
import { reviewNeeded } from '../../domain/approval/review-sample.ts';
import { digestWords } from '../../domain/approval/digest-words.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { approvalLines, warningLines } from '../plan-lines.ts';
import { openKey } from '../open-key.ts';
import { ownReviewDigest } from '../own-review-digest.ts';
import { recomputePlan } from '../../domain/plan/recompute-plan.ts';
import type { RecomputedPlan } from '../../domain/plan/recompute-plan.ts';
import { requireDigest, requirePlan, requireTotal } from '../require-ids.ts';
import { signStatement } from '../sign-statement.ts';
import { countsInWords, grouped, pairs } from '../table.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

interface Flags {
  readonly digest?: string;
  readonly total?: string;
  readonly directory?: string;
  readonly key?: string;
  readonly yes?: boolean;
}

export function addPlanApprove(parent: Command, verbs: Verbs): void {
  addVerb<Flags>(parent, verbs, {
    usage: 'approve <plan>',
    summary:
      'recomputes the digest from the export on this machine, compares it with what you type, and signs your yes',
    example: 'allclear plan approve plan_81 --digest 9f2c... --total 412 --key ~/ada.key --yes --as ada',
    options: [
      ['--digest <digest>', 'the digest as you know it from its author'],
      ['--total <n>', 'how many people it concerns, as you know it'],
      ['--directory <name>', 'the directory, as you know it; needed outside the sample'],
      ['--key <file>', 'your key file'],
      ['--yes', 'sign and send; without it the command only shows what you would sign'],
    ],
    async run(session, args, flags) {
      const { api, out, world } = session;
      const plan = requirePlan(args[0]);
      const typed = { digest: requireDigest(flags.digest), total: requireTotal(flags.total) };
      const { digests } = world.local.signing;
      const facts = await api.call(deploymentRoutes.show, {});
      out.progress('reading the export and computing its digest here');
      const computed = await recomputePlan(
        digests,
        api.stream<PlanExportLine>(planRoutes.export, { params: { plan } }),
      );
      refuseOther(plan, computed, typed);
      const { header } = computed;
      refuseOtherPlace(flags.directory, header, facts.deployment);
      const { shown, tag } = await api.read(planRoutes.show, { params: { plan } });
      if (flags.yes !== true) {
        out.data({ plan, digest: computed.digest, total: header.targets.total, header, shown }, () => [
          ...summary(computed),
          ...warningLines(shown),
        ]);
        throw new Failure(
          'needs-confirmation',
          `The digest and the total are as you typed them. Nothing was signed. To say yes, repeat the command with --yes: allclear plan approve ${plan} ...`,
        );
      }
      const review = await ownReviewDigest(session, plan, computed);
      const key = await openKey(session, flags.key);
      const { deployment, directory } = header;
      const statement = {
        deployment,
        directory,
        digest: computed.digest,
        total: header.targets.total,
        decision: 'approve',
        ...(review === null ? {} : { review }),
      } as const;
      const signed = signStatement(digests, key, statement, world.now());
      const taken = await api.call(planRoutes.approve, { params: { plan }, body: signed }, { ifMatch: tag });
      const { approvals } = await api.call(planRoutes.show, { params: { plan } });
      out.data({ ...taken, plan, digest: computed.digest, approvals }, () => [
        `Your yes to ${plan} is recorded.`,
        ...approvalLines(approvals),
        approvals.have < approvals.required
          ? 'Another person has to say yes as well.'
          : `It may start: allclear rollout start ${plan} --yes --total ${header.targets.total}`,
      ]);
    },
  });
}

function refuseOther(
  plan: string,
  { digest, header }: RecomputedPlan,
  typed: { readonly digest: string; readonly total: number },
): void {
  if (header.plan !== plan)
    throw new Failure('digest-mismatch', `The server sent ${header.plan} for ${plan}. Nothing was signed.`);
  if (digest !== typed.digest) {
    throw new Failure(
      'digest-mismatch',
      `${plan} has the digest ${digest}, computed here; you typed another. Nothing was signed. Ask its author which plan they mean.`,
    );
  }
  if (header.targets.total !== typed.total) {
    throw new Failure(
      'total-mismatch',
      `${plan} concerns ${header.targets.total} people; you typed ${typed.total}. Nothing was signed.`,
    );
  }
}

function refuseOtherPlace(typed: string | undefined, header: RecomputedPlan['header'], deployment: string): void {
  if (header.deployment !== deployment) {
    throw new Failure(
      'environment-mismatch',
      'The plan belongs to another deployment than this server. Nothing was signed.',
    );
  }
  if (typed !== undefined && typed !== header.directory) {
    throw new Failure(
      'environment-mismatch',
      `The plan acts on the directory ${header.directory}, not on ${typed}. Nothing was signed.`,
    );
  }
  if (typed === undefined && header.environment !== 'sample') {
    throw new Failure('usage', 'Type the name of the directory as well, as you know it: --directory NAME');
  }
}

function summary({ digest, header, lanes, exclusions }: RecomputedPlan): readonly string[] {
  return pairs([
    ['plan', header.plan],
    ['digest, computed here', digest],
    ['  said', digestWords(digest)],
    ['directory', `${header.directory} (${header.environment})`],
    ['action', header.action],
    ['people', header.targets.total],
    ['told', header.targets.told],
    ['lanes', countsInWords(lanes)],
    ['left out', countsInWords(exclusions) || 'none'],
    ['evidence', `${grouped(header.evidence.items)} pieces of ${header.evidence.batches.join(', ')}`],
    ['order', `${header.limits.order}, pace ${header.limits.pace}, budget ${header.limits.budgetProfile}`],
    ['review', reviewInWords(header)],
    ['author', `${header.author}, ${header.createdAt}`],
  ]);
}

function reviewInWords({ limits, targets }: RecomputedPlan['header']): string | null {
  const need = reviewNeeded(limits, targets.total);
  if (need.kind === 'none') return null;
  const which = need.kind === 'all' ? 'every target' : `your ${grouped(need.clean)} or more targets`;
  return `${which} before your yes: allclear plan review PLAN`;
}
