import type { ReactNode } from 'react';
import type { Answer } from '../api/routes.ts';
import { Facts } from '../design/Facts.tsx';
import { Moment } from '../design/Moment.tsx';
import { SmallTable } from '../design/SmallTable.tsx';
import { Tag } from '../design/Tag.tsx';
import { number, spaced } from '../design/words.ts';

type Target = Answer<'post /api/v1/plans/{plan}/reviews/own/readings'>['targets'][number];

const credentialWords: Readonly<Record<Target['credential'], string>> = {
  'as-frozen': 'the password is the one that the plan was drawn up about',
  'changed-since': 'the password was changed since the plan was drawn up',
  none: 'there is no password',
  unknown: 'the directory does not say',
};

/** Everything that is known of one target, without an address. */
export function TargetCard({ target }: { readonly target: Target }): ReactNode {
  const { accountId, ordinal, effect, does, reason, lane, told, language, credential, scheme, evidence } = target;
  return (
    <>
      <h3>
        <span className="mono">{accountId}</span> <span className="soft small">ordinal {number(ordinal)}</span>
      </h3>
      <Facts
        facts={[
          { label: 'What happens', value: `${spaced(effect)}: ${does}` },
          { label: 'Why', value: reason },
          { label: 'Lane', value: spaced(lane) },
          { label: 'Told', value: told ? `by mail${language === null ? '' : `, in ${language}`}` : 'no mail' },
          {
            label: 'Password now',
            value: (
              <>
                <Tag tone={credential === 'as-frozen' ? 'plain' : 'waits'}>{spaced(credential)}</Tag>{' '}
                {credentialWords[credential]}
                {scheme === null ? '' : `; kept as ${scheme}`}
              </>
            ),
          },
        ]}
      />
      <SmallTable
        caption="Evidence"
        rows={evidence}
        keyOf={(one) => String(one.evidence)}
        none="None is left: this target stands on nothing."
        columns={[
          { label: 'Class', cell: (one) => one.class },
          { label: 'Source', cell: (one) => `${one.source} (${one.authority}), ${one.batch}` },
          { label: 'State', cell: (one) => <Tag tone={one.state === 'live' ? 'plain' : 'wrong'}>{one.state}</Tag> },
          { label: 'When', cell: (one) => <Moment at={one.at} /> },
          { label: 'Says', cell: saysOf },
          { label: 'Speaks against it', cell: ({ remark }) => remark ?? 'nothing' },
        ]}
      />
    </>
  );
}

function saysOf({ rule, reason, eventId }: Target['evidence'][number]): string {
  return [rule === null ? null : `rule ${rule}`, reason, eventId === null ? null : `event ${eventId}`]
    .filter((part) => part !== null)
    .join('; ');
}
