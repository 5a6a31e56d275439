import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { call } from '../api/call.ts';
import { ConfirmAct } from '../confirm/ConfirmAct.tsx';
import { Field } from '../design/Field.tsx';
import { liftedWords, toldWords } from './words.ts';
import type { Appeal, Decision } from './words.ts';

/** As the contract has it. */
const longestReason = 1_000;

const titles: Readonly<Record<Decision, string>> = {
  granted: 'They are right',
  declined: 'The notice stands',
};

interface Props {
  readonly appeal: Appeal;
  readonly decision: Decision;
  readonly onClose: () => void;
}

/** A decision, told to the holder by mail in words of ours. The same one again tells who could not be told. */
export function DecideAppeal({ appeal, decision, onClose }: Props): ReactNode {
  const queries = useQueryClient();
  const [reason, setReason] = useState(appeal.reason ?? '');
  return (
    <ConfirmAct
      onClose={onClose}
      act={{
        title: `${appeal.id}: ${titles[decision]}`,
        will: (
          <>
            <p>
              {decision === 'granted'
                ? 'We answer by mail that our notice was a mistake.'
                : 'We answer by mail that we looked, and that the notice stands.'}{' '}
              {decision === 'granted' && appeal.about === 'suspend'
                ? 'The account is let back in at once, and the evidence about it is withdrawn. Single persons do that for 25 accounts of a plan; beyond that two people retract it. It cannot be taken back.'
                : 'It cannot be taken back, and it changes nothing in the account.'}
            </p>
            <Field
              label="Why, for your colleagues"
              hint="Its holder reads our own words, not these."
              value={reason}
              onChange={setReason}
              maxLength={longestReason}
              isLong
            />
          </>
        ),
        isReady: reason.trim() !== '',
        actLabel: decision === 'granted' ? 'Grant and tell them' : 'Decline and tell them',
        actingLabel: 'Telling them …',
        run: async () => {
          const decided = await call('post /api/v1/appeals/{appeal}/decisions', {
            params: { appeal: appeal.id },
            body: { decision, reason: reason.trim() },
          });
          await queries.invalidateQueries();
          return decided;
        },
        done: ({ told, lifted }) => (
          <p>
            <strong>Decided.</strong> Its holder: {toldWords[told ?? 'unsent']}.
            {lifted === null ? null : <> The account: {liftedWords[lifted]}.</>}
          </p>
        ),
      }}
    />
  );
}
