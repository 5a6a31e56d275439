import type { ReactNode } from 'react';
import { call } from '../api/call.ts';
import { useRead } from '../api/read.ts';
import type { Answer } from '../api/routes.ts';
import { SayYes } from '../approval/SayYes.tsx';
import { Moment } from '../design/Moment.tsx';
import { passkeyWords } from '../session/passkey-words.ts';
import { operatorDigest } from './operator-digest.ts';

type Operator = Answer<'get /api/v1/operators'>['operators'][number];

export type OperatorDecision = 'add-operator' | 'suspend-operator';

interface Props {
  readonly operator: Operator;
  readonly decision: OperatorDecision;
  readonly onClose: () => void;
}

/** A yes by passkey to the whole record of a person, their role included. */
export function DecideOperator({ operator, decision, onClose }: Props): ReactNode {
  const facts = useRead('get /api/v1/deployment', {});
  const deployment = facts.data?.deployment;
  if (deployment === undefined) return null;
  const digest = operatorDigest(deployment, operator);
  const { operatorId: subject, name, email, role, publicKey, passkeys } = operator;
  const isAdding = decision === 'add-operator';
  return (
    <SayYes
      title={isAdding ? `Admit ${name} as ${role}` : `Suspend ${name}`}
      what={
        <>
          <p>
            {isAdding
              ? `${name} may act as ${role} once two others said yes.`
              : `${name} may do nothing any more once two others said yes, and every token and session of theirs ends.`}
          </p>
          <dl className="facts">
            <div>
              <dt>Address</dt>
              <dd>{email}</dd>
            </div>
            {publicKey === null ? (
              <div>
                <dt>Their passkey, in words</dt>
                <dd>
                  <strong className="digest-words">{passkeyWords(passkeys[0] ?? '')}</strong>
                  {isAdding ? (
                    <span className="hint">
                      Call {name}, at a number that you had before, and compare: their browser showed them the same six.
                      Whoever else opened the link has others.
                    </span>
                  ) : null}
                </dd>
              </div>
            ) : (
              <div>
                <dt>Key</dt>
                <dd className="mono">{publicKey}</dd>
              </div>
            )}
          </dl>
        </>
      }
      to={{ kind: 'operator', subject, digest, total: 1, decision }}
      directory={null}
      isSpoken={false}
      typed={[{ label: 'Their name', hint: 'As it stands above.', expected: name }]}
      actLabel="Say yes with my passkey"
      give={(yes) => call('post /api/v1/operators/{operator}/decisions', { params: { operator: subject }, body: yes })}
      done={(result) => (
        <p>
          <strong>Your yes is recorded.</strong> {result.kind === 'waiting' ? 'One more person has to say yes.' : null}
          {result.kind === 'suspended' ? `${name} is suspended.` : null}
          {result.kind === 'admitted' ? (
            <>
              {name} may act from <Moment at={result.activeFrom} />.
            </>
          ) : null}
        </p>
      )}
      onClose={onClose}
    />
  );
}
