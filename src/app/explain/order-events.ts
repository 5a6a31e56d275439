import type { Evidence } from '../../domain/evidence/evidence.ts';
import type { LedgerEntry } from '../ports/ledger-store.ts';
import { isLedgerEvent, ledgerEvents } from '../../domain/ledger/events.ts';
import type { ExplainedEvent, ExplainedPlan } from './explanation.ts';

/** What happened to the account and around it, oldest first; what happened at the same moment stays in this order. */
export function orderEvents(
  evidence: readonly Evidence[],
  plans: readonly ExplainedPlan[],
  entries: readonly LedgerEntry[],
  byHolder: readonly ExplainedEvent[],
): readonly ExplainedEvent[] {
  const events = [
    ...evidence.flatMap(evidenceEvents),
    ...entries.map(entryEvent),
    ...byHolder,
    ...plans.flatMap((plan) => (plan.kind === 'target' ? planEvents(plan) : [])),
  ];
  return events.toSorted((left, right) => left.at.getTime() - right.at.getTime());
}

function evidenceEvents(item: Evidence): readonly ExplainedEvent[] {
  const events: ExplainedEvent[] = [
    { at: item.recordedAt, what: `evidence recorded: ${item.class}, from ${item.source}`, of: item.batch },
  ];
  if (item.withdrawnAt !== null)
    events.push({
      at: item.withdrawnAt,
      what: `this evidence was withdrawn: ${item.cause ?? 'no cause'}`,
      of: item.batch,
    });
  return events;
}

function entryEvent({ at, event, body }: LedgerEntry): ExplainedEvent {
  const of = body['retraction'] ?? body['plan'] ?? body['subject'] ?? body['batch'];
  return { at, what: isLedgerEvent(event) ? ledgerEvents[event] : event, of: typeof of === 'string' ? of : '' };
}

function planEvents(plan: ExplainedPlan & { kind: 'target' }): readonly ExplainedEvent[] {
  const of = plan.plan;
  const events: ExplainedEvent[] = [];
  const note = (at: Date | null, what: string, whose: string = of): void => {
    if (at !== null) events.push({ at, what, of: whose });
  };
  const { suspension } = plan;
  note(
    plan.containment.containedAt,
    suspension === null ? 'the password was quarantined' : 'the account was suspended',
  );
  if (suspension !== null)
    note(suspension.closedAt, `its suspension ended: ${suspension.state}, by ${suspension.closedBy ?? 'us'}`);
  note(plan.containment.sessionsEndedAt, `${plan.containment.sessionsEnded ?? 0} sessions were ended`);
  for (const notice of plan.notices) {
    note(notice.recordedAt, `${notice.kind} ${notice.number}: ${notice.state}`);
    for (const said of notice.feedback)
      note(said.at, `${notice.kind} ${notice.number}: ${said.kind}, said by ${said.source}`);
    if (notice.dispute !== null) {
      const counted = notice.dispute.counted ? '' : ' (too soon after delivery: not counted)';
      note(notice.dispute.pressedAt, `${notice.kind} ${notice.number}: "this is not right" was pressed${counted}`);
    }
  }
  for (const retraction of plan.retractions)
    note(retraction.recordedAt, `giving the password back: ${retraction.outcome ?? ''}`, retraction.retraction);
  return events;
}
