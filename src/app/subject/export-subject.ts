import type { Evidence } from '../../domain/evidence/evidence.ts';
import type { AccountId } from '../../domain/shared/ids.ts';
import { explain } from '../explain/explain.ts';
import type { ExplainDeps } from '../explain/explain.ts';
import type { Explanation } from '../explain/explanation.ts';
import type { HeldLedgerValue, HeldTarget } from '../ports/subject-store.ts';
import { addressesOf, mostLedgerValues, presentAddress } from './subject-addresses.ts';
import { openPlansOf } from './subject-standing.ts';
import type { OpenPlan } from './subject-standing.ts';

/** A piece of evidence in full. The passwords and line numbers of lists are not kept, so they cannot be here. */
export interface ExportedEvidence extends Pick<
  Evidence,
  'batch' | 'source' | 'authority' | 'class' | 'state' | 'cause' | 'against' | 'remark' | 'eventId' | 'eventAt' | 'rule'
> {
  readonly evidence: number;
  readonly reason: string | null;
  readonly recordedAt: Date;
  readonly withdrawnAt: Date | null;
}

export interface ExportedAppeal {
  readonly appeal: string;
  readonly noticeNumber: string;
  readonly openedAt: Date;
  readonly words: string | null;
  readonly decision: string | null;
  readonly decidedAt: Date | null;
}

/** Everything that this installation holds of one account, with words for whoever reads it. */
export interface SubjectExport {
  readonly account: AccountId;
  readonly exportedAt: Date;
  /** What each part is, and what is not in it and why. */
  readonly about: Readonly<
    Record<'frozen' | 'control' | 'evidence' | 'appeals' | 'story' | 'ledger' | 'open' | 'notHere', string>
  >;
  readonly frozen: readonly HeldTarget[];
  readonly control: readonly { readonly plan: string; readonly frozenAt: Date }[];
  readonly evidence: readonly ExportedEvidence[];
  readonly appeals: readonly ExportedAppeal[];
  readonly story: Explanation;
  readonly ledger: readonly HeldLedgerValue[];
  readonly open: readonly OpenPlan[];
}

const about: SubjectExport['about'] = {
  frozen:
    'What each plan kept of the account when it was made: the address to write to, the language, the number of the notice.',
  control:
    'Plans that the account stood beside as one of the unaffected: it was counted whether it had signed in, and nothing was done to it. When it signed in is not kept.',
  evidence: 'What said that a password or a session of the account was known to others, from which list and event.',
  appeals: 'What its holder wrote to us about a notice, and what a person decided.',
  story:
    'What was decided and done, in order: the password and the sessions, each notice and letter with its outcome, disputes, retractions.',
  ledger:
    'Entries of the ledger with a personal value that names the account or one of its addresses: who read its story, reasons that people wrote.',
  open: 'Plans that still need what they hold of the account; until they end nothing of it is erased.',
  notHere:
    'No password is held. The hash of an old one is held sealed, for a time, to give it back; it is not shown, nor are digests, since they would help whoever wants to guess. Mails are not kept: they are made anew from these facts. The account itself is held by the service.',
};

/**
 * What is held of one account (GDPR, Art. 15). `query`: an account id, an address or a notice number. The reading is in
 * the ledger. `Failure('not-found' | 'ledger-broken' | 'directory-unavailable')`.
 */
export async function exportSubject(deps: ExplainDeps, query: string, by: string): Promise<SubjectExport> {
  const story = await explain(deps, query, by);
  const account = story.accountId;
  const present = await presentAddress(deps.directory, account);
  return deps.store.transact(async (tx) => {
    const frozen = await tx.subjects.targetsOf(account);
    const ledger = await tx.subjects.ledgerValuesOf(account, addressesOf(present, frozen), mostLedgerValues);
    const evidence = (await tx.evidence.allEvidence([account])).get(account) ?? [];
    const control = await tx.controls.plansOf(account);
    const open = await openPlansOf(tx, account);
    const appeals = (await tx.appeals.ofAccount(account)).map(
      ({ id, noticeNumber, openedAt, words, decision, decidedAt }) => ({
        appeal: id,
        noticeNumber,
        openedAt,
        words,
        decision,
        decidedAt,
      }),
    );
    const exportedAt = await tx.retention.now();
    await tx.ledger.append({
      chain: 'installation',
      event: 'subject.exported',
      body: { by },
      personal: { account },
    });
    return {
      account,
      exportedAt,
      about,
      frozen,
      control,
      evidence: evidence.map(exported),
      appeals,
      story,
      ledger,
      open,
    };
  });
}

function exported(item: Evidence): ExportedEvidence {
  const { evidenceNo, accountId: _account, hashDigest: _digest, ...rest } = item;
  return { evidence: evidenceNo, ...rest };
}
