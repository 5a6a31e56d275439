import type { ReactNode } from 'react';
import { useRead } from '../api/read.ts';
import { Loaded } from '../design/Loaded.tsx';
import { number, people } from '../design/words.ts';
import { YesAndGo } from '../retraction/YesAndGo.tsx';
import { InTerminal } from './InTerminal.tsx';
import type { Drill } from './words.ts';

/** The other person's yes is seen without a reload. */
const lookEveryMs = 2_000;

interface Props {
  readonly retraction: NonNullable<NonNullable<Drill['progress']>['retraction']>;
}

/** Two people say yes, and one of them lets it go: the same step as on the page that puts something right in earnest. */
export function ApproveInDrill({ retraction: { id, digest, affected } }: Props): ReactNode {
  const shown = useRead('get /api/v1/retractions/{subject}', { params: { subject: id } }, { everyMs: lookEveryMs });
  const place = useRead('get /api/v1/deployment', {});
  return (
    <>
      <p role="status">
        <strong>Halted, and the evidence is withdrawn.</strong> {id} is drawn up: {people(affected)}{' '}
        {affected === 1 ? 'gets' : 'get'} the old password back or a letter. Two people compare its six words and say
        yes; then one of them lets it go.
      </p>
      <Loaded query={shown} what="the retraction of the drill">
        {(read) => (
          <>
            <p className="soft">
              Restore {number(read.decisions['restore'] ?? 0)}, keep protected {number(read.decisions['keep'] ?? 0)}.
            </p>
            {place.data === undefined ? null : <YesAndGo shown={read} directory={place.data.directory} />}
          </>
        )}
      </Loaded>
      <InTerminal
        command={`allclear retract show ${id} --drill --as NAME
allclear retract approve ${id} --digest ${digest} --total ${affected} --key FILE --yes --drill --as NAME`}
      />
    </>
  );
}
