import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mayMoveContain } from '../../src/domain/action/contain-outcome.ts';
import type { ContainState } from '../../src/domain/action/contain-outcome.ts';
import { mayMoveRestore } from '../../src/domain/action/restore-outcome.ts';
import type { RestoreState } from '../../src/domain/action/restore-outcome.ts';
import type { AccountId, PlanId } from '../../src/domain/shared/ids.ts';
import type { AccountToContain } from '../../src/app/action/contain-accounts.ts';
import { everyKindOfFault } from '../fakes/faults.ts';
import type { Fault, Faults } from '../fakes/faults.ts';
import { ActionRig, oldPassword } from './action-rig.ts';

/** No run of these actions makes more calls than this, so that a fault can strike any of them and sometimes none. */
const mostCalls = 8;

const plans = ['plan_1', 'plan_2'] as const;
const fault: fc.Arbitrary<Fault | null> = fc.option(
  fc.tuple(fc.nat({ max: mostCalls }), fc.constantFrom(...everyKindOfFault)).map(([atCall, kind]) => ({
    atCall,
    ...kind,
  })),
);
const faultOrLate: fc.Arbitrary<Fault | null> = fc.oneof(
  { weight: 3, arbitrary: fault },
  {
    weight: 1,
    arbitrary: fc
      .nat({ max: mostCalls })
      .chain((atCall) => fc.constantFrom('dies' as const, 'fails' as const).map((then) => ({ atCall, then })))
      .map((each) => ({ ...each, moment: 'late' as const })),
  },
);
const someone = fc.nat({ max: 2 });
const act = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ act: fc.constant('contain'), plan: fc.constantFrom(...plans), fault: faultOrLate }),
  },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('restore'), plan: fc.constantFrom(...plans), fault }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('choose'), who: someone }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('sign-in'), who: someone }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('evidence'), who: someone }) },
);

/** What a rollout keeps: a state per plan and account, moved only along the table. */
class Vector<State extends string> {
  readonly #states = new Map<string, State>();
  readonly #mayMove: (from: State, to: State) => boolean;
  readonly #words: { readonly created: State; readonly claimed: State; readonly unknown: State };

  constructor(
    mayMove: (from: State, to: State) => boolean,
    words: { readonly created: State; readonly claimed: State; readonly unknown: State },
  ) {
    this.#mayMove = mayMove;
    this.#words = words;
  }

  of(plan: PlanId, id: AccountId): State {
    return this.#states.get(`${plan} ${id}`) ?? this.#words.created;
  }

  /** The accounts that a permit may take: those that can be claimed, and those to read back. */
  take(plan: PlanId, ids: readonly AccountId[]): readonly AccountId[] {
    const { claimed, unknown } = this.#words;
    return ids.filter((id) => {
      const state = this.of(plan, id);
      if (!this.#mayMove(state, claimed)) return state === unknown;
      this.#states.set(`${plan} ${id}`, claimed);
      return true;
    });
  }

  settle(plan: PlanId, id: AccountId, to: State): void {
    const from = this.of(plan, id);
    if (from === to) return;
    expect(this.#mayMove(from, to), `${from} -> ${to}`).toBe(true);
    this.#states.set(`${plan} ${id}`, to);
  }
}

it('whatever crashes and in whatever order, each hash can be given back byte for byte, and none that its holder replaced is', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 24 }), async (acts) => {
      const rig = new ActionRig();
      const people = [rig.addHolder(), rig.addHolder(), rig.addHolder()];
      const who = (at: number): AccountId => people[at % people.length] as AccountId;
      /** The hash that each holder chose last: the truth. */
      const truth = new Map(people.map((id) => [id, rig.directory.credentialOf(id)]));
      const frozen = new Map<PlanId, readonly AccountToContain[]>();
      const words = { created: 'created', claimed: 'claimed', unknown: 'unknown' } as const;
      const contained = new Vector<ContainState>(mayMoveContain, words);
      const restored = new Vector<RestoreState>(mayMoveRestore, words);
      const onItsWay: Faults[] = [];
      let choices = 0;

      for (const step of acts) {
        // What was on its way during the last act arrives now or after this one, whatever happened meanwhile.
        const late = onItsWay.splice(0);
        if ('who' in step && step.who === 0) onItsWay.push(...late);
        else for (const faults of late) await faults.arrive();
        if ('who' in step) {
          const id = who(step.who);
          if (step.act === 'choose') {
            choices += 1;
            rig.directory.resetByMail(id, `choice ${choices}`);
            truth.set(id, rig.directory.credentialOf(id));
          } else if (step.act === 'sign-in') rig.directory.signIn(id, oldPassword);
          else if (rig.evidence.has(id)) rig.evidence.delete(id);
          else rig.evidence.add(id);
          continue;
        }
        const { plan } = step;
        const targets = frozen.get(plan) ?? people.filter((id) => !rig.isQuarantined(id)).map((id) => rig.freeze(id));
        frozen.set(plan, targets);
        const members = targets.map((target) => target.accountId);
        const before = new Map(people.map((id) => [id, rig.directory.credentialOf(id)]));
        const heldBefore = new Set(rig.evidence);
        if (step.act === 'contain') {
          const taken = new Set(contained.take(plan, members));
          const { outcomes, faults } = await rig.contain(
            plan,
            targets.filter((target) => taken.has(target.accountId)),
            step.fault,
          );
          onItsWay.push(faults);
          for (const id of taken) contained.settle(plan, id, outcomes?.get(id) ?? 'unknown');
          for (const id of taken) {
            if (outcomes?.get(id) !== 'contained') continue;
            const point = rig.store.points().find((each) => each.plan === plan && each.accountId === id);
            expect(point?.containedAt).not.toBeNull();
            if (point?.state === 'open') expect(point.sessionsEndedAt).not.toBeNull();
          }
        } else {
          const taken = restored.take(plan, members);
          const { outcomes } = await rig.restore(plan, taken, step.fault);
          for (const id of taken) restored.settle(plan, id, outcomes?.get(id) ?? 'unknown');
          for (const id of heldBefore) {
            // Live evidence: nothing comes back that was not there already.
            if (before.get(id) !== rig.directory.credentialOf(id)) throw new Error('given back against live evidence');
          }
        }
        for (const id of people) expect(await rig.recoverable(id)).toBe(truth.get(id));
        const open = rig.store.points().filter((point) => point.state === 'sealed' || point.state === 'open');
        expect(new Set(open.map((point) => point.accountId)).size).toBe(open.length);
      }

      for (const faults of onItsWay) await faults.arrive();
      rig.evidence.clear();
      for (const plan of plans) await rig.restore(plan, people);
      for (const id of people) expect(rig.directory.credentialOf(id)).toBe(truth.get(id));
    }),
    { numRuns: 600, seed: 20_140_303 },
  );
});
