import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { call } from '../api/call.ts';
import { useRead } from '../api/read.ts';
import { Card } from '../design/Card.tsx';
import { Field } from '../design/Field.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { HourMoment } from '../design/HourMoment.tsx';
import { Moment } from '../design/Moment.tsx';
import { ProblemNote } from '../design/ProblemNote.tsx';
import { SmallTable } from '../design/SmallTable.tsx';
import { WorkButton } from '../design/WorkButton.tsx';
import { addPasskey } from '../session/passkey.ts';
import { EndIt } from './EndIt.tsx';

export function PasskeysCard(): ReactNode {
  const read = useRead('get /api/v1/passkeys', {});
  return (
    <Card title="Your passkeys">
      <Loaded query={read} what="your passkeys">
        {({ passkeys }) => (
          <>
            <SmallTable
              caption="They sign you in, and say yes in your name"
              rows={passkeys}
              keyOf={({ id }) => id}
              none="You have none: you signed in with the account of your organisation, to look and to halt."
              columns={[
                { label: 'Name', cell: ({ name, id }) => `${name} (${id})` },
                { label: 'Added', cell: ({ createdAt }) => <Moment at={createdAt} /> },
                {
                  label: 'Last used, by the hour',
                  cell: ({ lastUsedAt }) => (lastUsedAt === null ? 'never' : <HourMoment at={lastUsedAt} />),
                },
                { label: 'Kept', cell: ({ isBackedUp }) => (isBackedUp ? 'on several devices' : 'on one device') },
                {
                  label: 'End',
                  cell: ({ id, name }) => (
                    <EndIt
                      label={`End ${name}`}
                      will={
                        <p>
                          It signs nobody in any more. Its sessions end, and what it said yes to and is still pending
                          counts no more. {passkeys.length === 1 ? 'It is your last one: you will be signed out.' : ''}
                        </p>
                      }
                      actLabel="End it"
                      run={() => call('post /api/v1/passkeys/{passkey}/revocations', { params: { passkey: id } })}
                    />
                  ),
                },
              ]}
            />
            {passkeys.length === 0 ? null : <AddPasskey />}
          </>
        )}
      </Loaded>
    </Card>
  );
}

/** A session alone adds nothing: a passkey that is there already confirms the new one. */
function AddPasskey(): ReactNode {
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const adding = useMutation({
    mutationFn: () => addPasskey(name.trim()),
    onSuccess: async () => {
      setName('');
      await queries.invalidateQueries();
    },
  });
  return (
    <details>
      <summary>Add another one</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== '' && !adding.isPending) adding.mutate();
        }}
      >
        <Field
          label="A name for it"
          hint="The browser asks twice: for the new one, and for one that you have."
          value={name}
          onChange={setName}
          maxLength={60}
        />
        <WorkButton type="submit" className="button" isDisabled={name.trim() === ''} isWorking={adding.isPending}>
          {adding.isPending ? 'Touch your passkeys …' : 'Add it'}
        </WorkButton>
      </form>
      {adding.isError ? <ProblemNote error={adding.error} /> : null}
      {adding.isSuccess ? <p role="status">Added. It counts from now on.</p> : null}
    </details>
  );
}
