import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { call } from '../api/call.ts';
import type { Answer, Input } from '../api/routes.ts';
import { ConfirmAct } from '../confirm/ConfirmAct.tsx';
import { Choice } from '../design/Choice.tsx';
import { Field } from '../design/Field.tsx';
import { Figures } from '../design/Figures.tsx';
import { ProblemNote } from '../design/ProblemNote.tsx';
import { counted, number, people, spaced } from '../design/words.ts';
import { WorkButton } from '../design/WorkButton.tsx';
import { readSelection } from './selection.ts';
import type { Selection, SelectionKind } from './selection.ts';

type Effect = Answer<'post /api/v1/evidence/{batch}/withdrawal-previews'>;
type Cause = Input<'post /api/v1/evidence/{batch}/withdrawals'>['body']['cause'];

const kinds: readonly (readonly [SelectionKind, string])[] = [
  ['all', 'The whole batch'],
  ['lines', 'What certain lines of the list support'],
  ['accounts', 'What names certain accounts'],
];

const causes: readonly (readonly [Cause, string, string?])[] = [
  ['rule-wrong', 'The rule that observed it was wrong'],
  ['wrong-verdict', 'The check itself was wrong'],
  ['own-export', 'The list never left us'],
  ['source-doubted', 'Nobody trusts the source any more', 'Each account needs a person.'],
];

/** Takes evidence of one batch back. Its effect is shown first, and what is withdrawn is what was shown. */
export function WithdrawEvidence({ batch }: { readonly batch: string }): ReactNode {
  const queries = useQueryClient();
  const [kind, setKind] = useState<SelectionKind>('all');
  const [named, setNamed] = useState('');
  const [cause, setCause] = useState<Cause>('rule-wrong');
  const [reason, setReason] = useState('');
  // What was shown when it was asked for: the dialog outlives the effect on the page.
  const [asked, setAsked] = useState<{ readonly effect: Effect; readonly selection: Selection } | null>(null);
  const selection = readSelection(kind, named);
  const params = { batch: batch };
  const looking = useMutation({
    mutationFn: () => {
      if (typeof selection === 'string') throw new Error(selection);
      return call('post /api/v1/evidence/{batch}/withdrawal-previews', { params, body: { selection } });
    },
  });
  const change = (act: () => void): void => {
    looking.reset();
    act();
  };
  const effect = looking.data;
  const problem = typeof selection === 'string' && named.trim() !== '' ? selection : null;
  return (
    <>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (typeof selection !== 'string' && !looking.isPending) looking.mutate();
        }}
      >
        <Choice
          label={`What of ${batch}`}
          value={kind}
          onChange={(value) => change(() => setKind(value as SelectionKind))}
          options={kinds}
        />
        {kind === 'all' ? null : (
          <Field
            label={kind === 'lines' ? 'Line numbers' : 'Account ids'}
            hint={
              kind === 'lines'
                ? 'As in 3, 17-20. Evidence falls only when every line that supports it is named.'
                : 'The directory’s own ids, one a line.'
            }
            value={named}
            onChange={(value) => change(() => setNamed(value))}
            problem={problem}
            isLong
          />
        )}
        <WorkButton
          type="submit"
          className="button"
          isDisabled={typeof selection === 'string'}
          isWorking={looking.isPending}
        >
          {looking.isPending ? 'Looking …' : 'Show its effect'}
        </WorkButton>
      </form>
      {looking.isError ? <ProblemNote error={looking.error} /> : null}
      {effect === undefined ? null : (
        <div className="effect" role="status">
          <Effects effect={effect} />
        </div>
      )}
      {effect === undefined || effect.evidence === 0 ? null : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (reason.trim() !== '' && typeof selection !== 'string') setAsked({ effect, selection });
          }}
        >
          <Choice
            label="Why it is taken back"
            value={cause}
            onChange={(value) => setCause(value as Cause)}
            options={causes}
          />
          <Field
            label="In words"
            hint="For those who read the ledger later. Name no person and no address."
            value={reason}
            onChange={setReason}
            maxLength={4_000}
            isLong
          />
          <Button type="submit" className="button act" isDisabled={reason.trim() === ''}>
            Withdraw …
          </Button>
        </form>
      )}
      {asked === null ? null : (
        <ConfirmAct
          onClose={() => setAsked(null)}
          act={{
            title: `Withdraw evidence of ${batch}`,
            will: (
              <>
                <p>
                  {counted(asked.effect.evidence, 'piece')} of evidence about {people(asked.effect.accounts)} will be
                  withdrawn ({spaced(cause)}). It cannot be undone: the list would have to be imported anew.
                </p>
                <p>No password and no account changes by it. What each person is owed is decided by a retraction.</p>
              </>
            ),
            typed: [
              {
                label: 'How many pieces of evidence',
                hint: 'As you read it in the effect.',
                expected: String(asked.effect.evidence),
                isNumber: true,
              },
            ],
            actLabel: 'Withdraw',
            actingLabel: 'Withdrawing …',
            run: async () => {
              const body = { selection: asked.selection, cause, reason: reason.trim(), total: asked.effect.evidence };
              const done = await call('post /api/v1/evidence/{batch}/withdrawals', { params, body });
              await queries.invalidateQueries();
              looking.reset();
              return done;
            },
            done: (done) => (
              <p>
                <strong>Withdrawn:</strong> {counted(done.evidence, 'piece')} of evidence about {people(done.accounts)}.
                What follows for the people of a plan is drawn up as its retraction.
              </p>
            ),
          }}
        />
      )}
    </>
  );
}

function Effects({ effect }: { readonly effect: Effect }): ReactNode {
  const { evidence, byClass, accounts, heldByOther, partlyCovered, withoutEvidence } = effect;
  const classes = Object.entries(byClass).filter(([, count]) => count > 0);
  return (
    <>
      <Figures
        figures={[
          {
            label: 'Pieces of evidence that fall',
            value: number(evidence),
            ...(classes.length === 0
              ? {}
              : { hint: classes.map(([word, count]) => `${number(count)} ${word}`).join(', ') }),
          },
          { label: 'People they are about', value: number(accounts) },
          {
            label: 'Protected all the same',
            value: number(heldByOther),
            hint: 'Other evidence names them too.',
          },
          ...(partlyCovered === 0
            ? []
            : [
                {
                  label: 'Pieces that stay',
                  value: number(partlyCovered),
                  hint: 'Lines that you did not name support them.',
                },
              ]),
          ...(withoutEvidence === 0
            ? []
            : [
                {
                  label: 'Named without evidence',
                  value: number(withoutEvidence),
                  hint: 'Nothing here speaks of them.',
                },
              ]),
        ]}
      />
      <p className="soft">
        {evidence === 0
          ? 'Nothing live is left to withdraw here.'
          : 'Nothing has happened yet. Withdrawing changes no account by itself.'}
      </p>
    </>
  );
}
