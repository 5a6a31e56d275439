import type { Command } from 'commander';
import { deploymentRoutes } from '../../contract/deployment.ts';
import { operatorRoutes } from '../../contract/operator.ts';
import type { OperatorListAnswer } from '../../contract/operator.ts';
import type { Decision } from '../../domain/approval/approval-statement.ts';
import { digestWords } from '../../domain/approval/digest-words.ts';
import { operatorRecord } from '../../domain/approval/operator.ts';
import { isRole, roles } from '../../domain/approval/role.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { OperatorId } from '../../domain/shared/ids.ts';
import type { ApiClient } from '../api-client.ts';
import { openKey } from '../open-key.ts';
import { requireOperator } from '../require-ids.ts';
import { signStatement } from '../sign-statement.ts';
import { pairs } from '../table.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

interface Flags {
  readonly key?: string;
  readonly suspend?: boolean;
  readonly role?: string;
  readonly yes?: boolean;
}

/** A change of who may decide concerns one person. */
const total = 1;

export function addOperatorApprove(parent: Command, verbs: Verbs): void {
  addVerb<Flags>(parent, verbs, {
    usage: 'approve <operator>',
    summary: 'says yes to admitting an operator, to suspending one, or to another role; two others are needed',
    example: 'allclear operator approve operator_3 --key ~/ada.key --yes --as ada',
    options: [
      ['--key <file>', 'your key file'],
      ['--suspend', 'suspend instead of admit'],
      [
        '--role <role>',
        'another role instead: operator, approver, agent, auditor; one that gives more begins a day later',
      ],
      ['--yes', 'sign and send; without it the command only shows what you would sign'],
    ],
    async run(session, args, flags) {
      const { api, out, world } = session;
      const id = requireOperator(args[0]);
      const found = await findOperator(api, id);
      if (found === undefined) throw new Failure('not-found', `There is no ${id}. See: allclear operator list`);
      const facts = await api.call(deploymentRoutes.show, {});
      const { digests } = world.local.signing;
      const record = operatorRecord(facts.deployment, { ...found, operatorId: id });
      const digest = digests.sha256(digests.canonical(record));
      const decision = decisionOf(flags);
      if (flags.yes !== true) {
        out.data({ decision, digest, record }, () =>
          pairs([
            ['decision', decision],
            ['digest', digest],
            ...Object.entries(record),
            [
              'the passkey, said',
              record['passkey'] === undefined ? null : digestWords(digests.sha256(record['passkey'])),
            ],
          ]),
        );
        throw new Failure(
          'needs-confirmation',
          `Nothing was signed. To say yes: allclear operator approve ${id} --key FILE --yes`,
        );
      }
      const key = await openKey(session, flags.key);
      const { deployment, directory } = facts;
      const signed = signStatement(digests, key, { deployment, directory, digest, total, decision }, world.now());
      const outcome = await api.call(operatorRoutes.decide, { params: { operator: id }, body: signed });
      out.data(outcome, () => {
        if (outcome.kind === 'waiting') return [`Your yes is recorded. One more person has to say yes to ${id}.`];
        if (outcome.kind === 'role-agreed') return [`${id} is ${outcome.role} from ${outcome.from} on.`];
        if (outcome.kind === 'suspended') return [`${id} is suspended, and every token of theirs is revoked.`];
        return [`${id} is admitted and may act from ${outcome.activeFrom}.`];
      });
    },
  });
}

function decisionOf({ suspend, role }: Flags): Decision {
  if (role === undefined) return suspend === true ? 'suspend-operator' : 'add-operator';
  if (suspend === true)
    throw new Failure('usage', 'Either --suspend or --role: a suspended person has no role to change.');
  if (!isRole(role)) throw new Failure('usage', `"${role}" is no role. The roles: ${roles.join(', ')}.`);
  return `change-role-${role}`;
}

/** Page by page: an installation has at most some hundred operators. */
async function findOperator(api: ApiClient, id: OperatorId) {
  for (let after: string | undefined; ;) {
    const { operators, next }: OperatorListAnswer = await api.call(operatorRoutes.list, {
      query: after === undefined ? { limit: 1_000 } : { limit: 1_000, after },
    });
    const found = operators.find((one) => one.operatorId === id);
    if (found !== undefined || next === null) return found;
    after = next;
  }
}
