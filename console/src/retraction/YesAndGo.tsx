import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import type { Answer } from '../api/routes.ts';
import { WhoSaidYes } from '../approval/WhoSaidYes.tsx';
import { Facts } from '../design/Facts.tsx';
import { number } from '../design/words.ts';
import { useMay, useSession } from '../session/use-session.ts';
import { StartRetraction } from './StartRetraction.tsx';
import { YesToRetraction } from './YesToRetraction.tsx';

interface Props {
  readonly shown: Answer<'get /api/v1/retractions/{subject}'>;
  readonly directory: string;
}

/** Restoring is the dangerous direction: a stolen session must not hand stolen passwords back. */
export function YesAndGo({ shown, directory }: Props): ReactNode {
  const may = useMay();
  const { operator } = useSession();
  const [doing, setDoing] = useState<'yes' | 'start' | null>(null);
  const { retraction, digest, digestWords, approvals, author, started } = shown;
  const { have, required, given } = approvals;
  const isAgreed = have >= required;
  const hasSaid = given.some((one) => one.operator === operator.id && one.holds);
  // Up to 25 accounts one person is enough, its author too; the server decides.
  const mayBeAuthor = required === 1;
  const maySayYes =
    !started && !isAgreed && !hasSaid && may('approval.give') && (mayBeAuthor || author !== operator.id);
  return (
    <>
      <p>
        {number(have)} of {number(required)} {required === 1 ? 'person' : 'people'} said yes.
        {started ? ' It was started.' : isAgreed ? ' It can be started.' : ''}
        {!started && !isAgreed && !mayBeAuthor && author === operator.id
          ? ' You drew it up, so two others say yes.'
          : ''}
        {!started && !isAgreed && hasSaid ? ' You have; somebody else has to as well.' : ''}
      </p>
      <div className="actions">
        {maySayYes ? (
          <Button className="button act" onPress={() => setDoing('yes')}>
            Approve {retraction}
          </Button>
        ) : null}
        {!started && isAgreed && may('retraction.start') ? (
          <Button className="button act" onPress={() => setDoing('start')}>
            Go …
          </Button>
        ) : null}
      </div>
      <WhoSaidYes given={given} />
      <Facts
        facts={[
          { label: 'Digest', value: <span className="mono">{digest}</span> },
          { label: 'In words', value: <strong className="digest-words">{digestWords}</strong> },
        ]}
      />
      {doing === 'yes' ? <YesToRetraction shown={shown} directory={directory} onClose={() => setDoing(null)} /> : null}
      {doing === 'start' ? <StartRetraction shown={shown} onClose={() => setDoing(null)} /> : null}
    </>
  );
}
