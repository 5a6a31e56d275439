import type { Caller } from '../../app/operator/authenticate-token.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { AskedCaller, DrillAnswer, DrillWord } from './drill-words.ts';

/** The server's own database answers within seconds, or does not at all. */
const answerTimeoutMs = 10_000;
/** More at once than people and their pages ask; a flood is refused here and not handed on. */
const mostAsked = 200;

export interface AskWho {
  /** Who sent this, as the real server knows them now. Throws what it throws. */
  ask(asked: AskedCaller): Promise<Caller>;
  /** Every word of the server. */
  hear(answer: DrillAnswer): void;
}

/**
 * A drill keeps nobody's token and nobody's session: whose one is, is asked each time, so that one that was given during the
 * drill is good in it and one that was ended is not.
 */
export function makeAskWho(say: (word: DrillWord) => Promise<void>): AskWho {
  const open = new Map<number, (answer: DrillAnswer) => void>();
  let last = 0;
  return {
    async ask(asked) {
      if (open.size >= mostAsked) throw unanswered('too much is asked at once');
      last += 1;
      const no = last;
      const answer = await new Promise<DrillAnswer | null>((resolve, reject) => {
        const late = setTimeout(() => resolve(null), answerTimeoutMs);
        open.set(no, (heard) => {
          clearTimeout(late);
          resolve(heard);
        });
        say({ kind: 'who', no, asked }).catch(reject);
      }).finally(() => open.delete(no));
      if (answer?.kind === 'caller') return answer.caller;
      if (answer?.kind === 'refused') throw new Failure(answer.code, answer.message);
      throw unanswered('it does not answer');
    },
    hear(answer) {
      if (answer.kind !== 'order') open.get(answer.no)?.(answer);
    },
  };
}

function unanswered(why: string): Failure {
  return new Failure('database-unavailable', `The real server cannot be asked who you are: ${why}. Try again.`);
}
