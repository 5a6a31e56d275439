import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Input } from '../api/routes.ts';
import { ConfirmAct } from '../confirm/ConfirmAct.tsx';
import type { Act } from '../confirm/ConfirmAct.tsx';
import { sayYes } from '../session/passkey.ts';
import { useSession } from '../session/use-session.ts';

type To = Input<'post /api/v1/approvals/options'>['body'];

interface Props<Result> {
  readonly title: string;
  /** What the yes is to, in words. */
  readonly what: ReactNode;
  readonly to: To;
  /** Typed with the total, where there is a directory that could be mistaken for another. */
  readonly directory: string | null;
  /** As they are read out to the other approver; null where there are none. */
  readonly digestWords: string | null;
  /** Typed in place of the total, where the yes is about one person. */
  readonly typed?: Act<Result>['typed'];
  readonly actLabel: string;
  /** Hands the yes to the route that it is for. */
  readonly give: (yes: Awaited<ReturnType<typeof sayYes>>) => Promise<Result>;
  readonly done: ((result: Result) => ReactNode) | null;
  readonly onClose: () => void;
}

/**
 * A yes by passkey: the total and the directory's name are typed, and the passkey signs the digest of exactly the text
 * that the server shows. The same dialog for a plan, a retraction and a resume.
 */
export function SayYes<Result>(props: Props<Result>): ReactNode {
  const { title, what, to, directory, typed, digestWords, actLabel, give, done, onClose } = props;
  const { canApprove } = useSession();
  const queries = useQueryClient();
  return (
    <ConfirmAct
      onClose={onClose}
      act={{
        title,
        will: (
          <>
            {what}
            <dl className="facts">
              <div>
                <dt>Digest</dt>
                <dd className="mono">{to.digest}</dd>
              </div>
              {digestWords === null ? null : (
                <div>
                  <dt>In words</dt>
                  <dd>
                    <strong className="digest-words">{digestWords}</strong>
                    <span className="hint">
                      Read them to the other approver, by voice: both of you see the same six.
                    </span>
                  </dd>
                </div>
              )}
            </dl>
            {canApprove ? null : (
              <p className="note waits">
                You have no passkey to say yes with. In a terminal: <code>allclear operator link YOU --key FILE</code>
              </p>
            )}
          </>
        ),
        typed: typed ?? [
          {
            label: 'How many people',
            hint: 'The total, as you read it on the page.',
            expected: String(to.total),
            isNumber: true,
          },
          ...(directory === null
            ? []
            : [{ label: 'The directory’s name', hint: 'Which accounts it is about.', expected: directory }]),
        ],
        actLabel,
        actingLabel: 'Touch your passkey …',
        run: async () => {
          const given = await give(await sayYes(to));
          await queries.invalidateQueries();
          return given;
        },
        done,
      }}
    />
  );
}
