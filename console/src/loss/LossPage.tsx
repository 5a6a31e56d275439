import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { useRead } from '../api/read.ts';
import { WhoSaidYes } from '../approval/WhoSaidYes.tsx';
import { Card } from '../design/Card.tsx';
import { Facts } from '../design/Facts.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { Moment } from '../design/Moment.tsx';
import { number } from '../design/words.ts';
import { useMay, useSession } from '../session/use-session.ts';
import { Page } from '../shell/Page.tsx';
import { LossRecordCard } from './LossRecordCard.tsx';
import { parseLoss } from './read-loss.ts';
import type { Loss } from './read-loss.ts';
import { SignLoss } from './SignLoss.tsx';

/** Somebody puts it forward on the server’s machine, and somebody else signs, while this page is open. */
const lookEveryMs = 3_000;

/** Commits of the database are lost: what is known to be missing, who is affected, and the two yeses that accept it. */
export function LossPage(): ReactNode {
  const may = useMay();
  const overview = useRead('get /api/v1/overview', {}, { everyMs: lookEveryMs });
  const behind = overview.data?.wrong.find(({ what }) => what === 'behind');
  const isPutForward = overview.data?.waiting.some(({ subject }) => subject.startsWith('loss_')) === true;
  const waiting = useRead(
    'get /api/v1/losses/waiting',
    {},
    { enabled: isPutForward && may('ledger.read'), everyMs: lookEveryMs },
  );
  return (
    <Page title="What was lost" lead="Whether this database is older than the world, and what two people do about it.">
      <Loaded query={overview} what="whether anything is lost">
        {() =>
          behind === undefined ? (
            <Card title="Nothing is known to be lost">
              <p>
                The database agrees with the signed checkpoints and with the journals of the hosts that were heard. What
                was accepted before stands in the ledger.
              </p>
            </Card>
          ) : (
            <Card title="Nothing is sent or acted on" tone="wrong">
              <p>
                <strong>{behind.words}</strong>
              </p>
              <p className="soft">
                Reading and HALT work. First ask whether it is the right database: one that was left behind by a move is
                simply named again. Nothing was lost then.
              </p>
            </Card>
          )
        }
      </Loaded>
      {behind !== undefined && !isPutForward ? <PutForward /> : null}
      {isPutForward && !may('ledger.read') ? (
        <Card title="Not for your role">
          <p>A loss was put forward. Your role does not read the ledger, and signs none. HALT is yours all the same.</p>
        </Card>
      ) : isPutForward ? (
        <Loaded query={waiting} what="the loss">
          {(read) => <Waiting waiting={read} />}
        </Loaded>
      ) : null}
    </Page>
  );
}

/** Only there are the checkpoints, the journals and the ledger’s key. */
function PutForward(): ReactNode {
  return (
    <Card title="It is put forward on the server’s own machine" tone="waits">
      <p>
        There lie the checkpoints and the journals that say what is missing. The first command shows it and changes
        nothing; the second puts it forward to be signed here.
      </p>
      <pre className="command">
        <code>{`allclear ledger accept-restored
allclear ledger accept-restored --yes --total N`}</code>
      </pre>
      <p className="soft">This page shows it as soon as it is put forward.</p>
    </Card>
  );
}

function Waiting({ waiting }: { readonly waiting: Loss }): ReactNode {
  const may = useMay();
  const { operator } = useSession();
  const [isSigning, setSigning] = useState(false);
  const { loss, record, digest, digestWords, total, proposedAt, have, required, given } = waiting;
  const hasSaid = given.some((one) => one.operator === operator.id && one.holds);
  const isAgreed = have >= required;
  return (
    <>
      <LossRecordCard said={parseLoss(record)} />
      <Card title={`Two people accept ${loss}`} tone={isAgreed ? 'plain' : 'waits'}>
        <p>
          {number(have)} of {number(required)} people said yes.
          {isAgreed ? ' On the server’s own machine, with the same options as before, it is accepted now:' : ''}
          {!isAgreed && hasSaid ? ' You have; somebody else has to as well.' : ''}
        </p>
        {isAgreed ? (
          <pre className="command">
            <code>{`allclear ledger accept-restored --yes --total ${total}`}</code>
          </pre>
        ) : null}
        {!isAgreed && !hasSaid && may('approval.give') ? (
          <div className="actions">
            <Button className="button act" onPress={() => setSigning(true)}>
              Approve {loss}
            </Button>
          </div>
        ) : null}
        <WhoSaidYes given={given} />
        <Facts
          facts={[
            { label: 'Put forward', value: <Moment at={proposedAt} /> },
            { label: 'Digest', value: <span className="mono">{digest}</span> },
            { label: 'In words', value: <strong className="digest-words">{digestWords}</strong> },
          ]}
        />
        <p className="soft">
          A person who was suspended in the lost part is active again in this database: know whose yes this is. By key:{' '}
          <code>allclear ledger approve-restored</code>
        </p>
      </Card>
      {isSigning ? <SignLoss waiting={waiting} onClose={() => setSigning(false)} /> : null}
    </>
  );
}
