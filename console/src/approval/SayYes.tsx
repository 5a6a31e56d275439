import { digestWords } from '../../../src/domain/approval/digest-words.ts';
import type { MeantStatement } from '../../../src/domain/approval/offered-statement.ts';
import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Input } from '../api/routes.ts';
import { ConfirmAct } from '../confirm/ConfirmAct.tsx';
import type { Act } from '../confirm/ConfirmAct.tsx';
import { ProblemNote } from '../design/ProblemNote.tsx';
import { number } from '../design/words.ts';
import { useWhere } from '../api/where.ts';
import { sayYes } from '../session/passkey.ts';
import { useSession } from '../session/use-session.ts';

type To = Input<'post /api/v1/approvals/options'>['body'];

/** How far this browser is with computing by itself what the yes is to. */
export type Standing =
  | { readonly kind: 'computing'; readonly read: number; readonly of: number }
  | { readonly kind: 'meant'; readonly meant: MeantStatement }
  | { readonly kind: 'refused'; readonly error: unknown };

interface Props<Result> {
  readonly title: string;
  /** What the yes is to, in words. */
  readonly what: ReactNode;
  readonly to: To;
  /** Typed with the total, where there is a directory that could be mistaken for another. */
  readonly directory: string | null;
  /** Whether the digest is read out to the other approver, in six words. */
  readonly isSpoken: boolean;
  /** There where the browser computes the digest itself: nothing can be signed before it has. */
  readonly standing?: Standing;
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
  const { title, what, to, directory, typed, isSpoken, actLabel, give, done, onClose } = props;
  const { digest, total, decision } = to;
  // Without a computation of our own the text still has to be about exactly what is shown.
  const shown: MeantStatement = { digest, total, decision, ...(directory === null ? {} : { directory }), review: null };
  const standing: Standing = props.standing ?? { kind: 'meant', meant: shown };
  const { canApprove } = useSession();
  const queries = useQueryClient();
  const where = useWhere();
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
                <dd>
                  <span className="mono">{digest}</span>
                  {props.standing === undefined ? null : <StandingHint standing={standing} />}
                </dd>
              </div>
              {!isSpoken ? null : (
                <div>
                  <dt>In words</dt>
                  <dd>
                    <strong className="digest-words">{digestWords(digest)}</strong>
                    <span className="hint">
                      Read them to the other approver, by voice: both of you see the same six.
                    </span>
                  </dd>
                </div>
              )}
            </dl>
            {standing.kind === 'refused' ? <ProblemNote error={standing.error} /> : null}
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
            expected: String(total),
            isNumber: true,
          },
          ...(directory === null
            ? []
            : [{ label: 'The directory’s name', hint: 'Which accounts it is about.', expected: directory }]),
        ],
        actLabel,
        actingLabel: 'Touch your passkey …',
        isReady: standing.kind === 'meant',
        run: async () => {
          const given = await give(await sayYes(to, standing.kind === 'meant' ? standing.meant : shown, where));
          await queries.invalidateQueries();
          return given;
        },
        done,
      }}
    />
  );
}

function StandingHint({ standing }: { readonly standing: Standing }): ReactNode {
  switch (standing.kind) {
    case 'computing':
      return (
        <span className="hint" role="status">
          This browser computes it by itself
          {standing.of === 0 ? ' …' : `: ${number(standing.read)} of ${number(standing.of)} lines …`}
        </span>
      );
    case 'meant':
      return (
        <span className="hint" role="status">
          Computed in this browser, from every line of what it is over.
        </span>
      );
    case 'refused':
      return <span className="hint">As the server says it; this browser computed something else.</span>;
  }
}
