import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { call } from '../api/call.ts';
import type { Input } from '../api/routes.ts';
import { Choice } from '../design/Choice.tsx';
import { Field } from '../design/Field.tsx';
import { Moment } from '../design/Moment.tsx';
import { ProblemNote } from '../design/ProblemNote.tsx';
import { WorkButton } from '../design/WorkButton.tsx';

type Role = NonNullable<Input<'post /api/v1/operators'>['body']['role']>;

const roles: readonly (readonly [Role, string, string])[] = [
  ['operator', 'Operator', 'Draws up, starts, withdraws.'],
  ['approver', 'Approver', 'Reviews and says yes.'],
  ['agent', 'Agent', 'Reads accounts for the support desk, and halts.'],
  ['auditor', 'Auditor', 'Reads everything, and halts.'],
];

/** The key is made on the person's own machine; its private half never comes here. */
export function ProposeOperator(): ReactNode {
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [publicKey, setPublicKey] = useState('');
  const [role, setRole] = useState<Role>('approver');
  const body = {
    name: name.trim(),
    email: email.trim(),
    publicKey: publicKey.trim() === '' ? null : publicKey.trim(),
    role,
  };
  const isReady = body.name !== '' && body.email.includes('@');
  const proposing = useMutation({
    mutationFn: async () => {
      const { operator } = await call('post /api/v1/operators', { body });
      if (operator.publicKey !== null) return { operator, handOver: null };
      const params = { operator: operator.operatorId };
      return { operator, handOver: await call('post /api/v1/operators/{operator}/links', { params }) };
    },
    onSuccess: async () => {
      setName('');
      setEmail('');
      setPublicKey('');
      await queries.invalidateQueries();
    },
  });
  return (
    <details>
      <summary>Propose a person</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady && !proposing.isPending) proposing.mutate();
        }}
      >
        <Field label="Name" value={name} onChange={setName} maxLength={200} />
        <Field
          label="Address"
          hint="Told of every new person, halt and changed limit."
          value={email}
          onChange={setEmail}
          maxLength={300}
        />
        <Field
          label="Public key"
          hint="As their own machine showed it: Ed25519, 43 characters. Empty: they get a link and have passkeys alone."
          value={publicKey}
          onChange={setPublicKey}
          maxLength={100}
        />
        <Choice label="Role" value={role} onChange={(value) => setRole(value as Role)} options={roles} />
        <WorkButton type="submit" className="button" isDisabled={!isReady} isWorking={proposing.isPending}>
          {proposing.isPending ? 'Proposing …' : 'Propose'}
        </WorkButton>
      </form>
      {proposing.isError ? <ProblemNote error={proposing.error} /> : null}
      {proposing.data === undefined ? null : (
        <div role="status">
          <p>
            <strong>{proposing.data.operator.name} is proposed.</strong> Two others say yes; until then they may do
            nothing.
          </p>
          {proposing.data.handOver === null ? null : (
            <>
              <p>
                Hand this link to them, and to nobody else. It works once, until{' '}
                <Moment at={proposing.data.handOver.expiresAt} />. Propose the same person again for another one.
              </p>
              <p className="mono">{proposing.data.handOver.link}</p>
              <p>Their browser shows them six words. Whoever admits them compares those by voice.</p>
            </>
          )}
        </div>
      )}
    </details>
  );
}
