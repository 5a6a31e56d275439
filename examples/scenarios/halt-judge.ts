import type { PlanId } from '../../src/domain/shared/ids.ts';

/** One halt, by the clock of whoever reads the mailbox. */
export interface Halted {
  readonly plan: PlanId;
  /** When the halt stood: its answer was there. Milliseconds. */
  readonly at: number;
  /** Mails that can be under way at an instant: one per connection to the mail server. */
  readonly inFlightAtMost: number;
}

export interface ArrivedMail {
  readonly plan: string;
  readonly at: number;
}

/** The last dot of a halted rollout comes at most this much later (I10). */
const lastDotMs = 1_000;

/** Which plan a mail is of, by its `Feedback-ID`. */
export function planOf(raw: string): string {
  return /^Feedback-ID:\s*(\S+?):/im.exec(raw)?.[1] ?? '';
}

/** One line per halt after which more came than was under way, or came too late. */
export function judgeHalts(halts: readonly Halted[], arrived: readonly ArrivedMail[]): readonly string[] {
  return halts.flatMap(({ plan, at, inFlightAtMost }) => {
    const late = arrived.filter((mail) => mail.plan === plan && mail.at > at).map((mail) => mail.at - at);
    const lastMs = Math.max(0, ...late);
    return [
      ...(late.length > inFlightAtMost ? [`${plan}: ${late.length} mails after its halt`] : []),
      ...(lastMs > lastDotMs ? [`${plan}: the last mail came ${lastMs} ms after its halt`] : []),
    ];
  });
}

/** Throws unless the judge sees what a deaf worker would have sent. */
export function proveHaltJudge(halts: readonly Halted[], arrived: readonly ArrivedMail[]): void {
  const [first] = halts;
  if (first === undefined) throw new Error('nothing was halted: the rig has nothing to judge');
  const { plan, at, inFlightAtMost } = first;
  if (judgeHalts([first], arrived).length > 0) return;
  const falsified = {
    'one mail, too late': [{ plan, at: at + lastDotMs + 1 }],
    'more than was under way': Array.from({ length: inFlightAtMost + 1 }, () => ({ plan, at: at + 1 })),
  };
  for (const [name, more] of Object.entries(falsified)) {
    if (judgeHalts([first], [...arrived, ...more]).length === 0)
      throw new Error(`the judge of this rig does not see: ${name}`);
  }
}
