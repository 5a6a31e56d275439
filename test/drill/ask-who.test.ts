import { expect, test } from 'vitest';
import type { Caller } from '../../src/app/operator/authenticate-token.ts';
import { makeAskWho } from '../../src/main/drill/ask-who.ts';
import type { AskedCaller, DrillWord } from '../../src/main/drill/drill-words.ts';

const session: AskedCaller = { by: 'session', secret: 'acs_1', isHalt: false, isAct: true };
const caller = (name: string): Caller => ({ operator: { name }, scope: ['full'] }) as unknown as Caller;

function opened() {
  const said: DrillWord[] = [];
  const who = makeAskWho(async (word) => void said.push(word));
  const numbers = (): readonly number[] => said.flatMap((word) => (word.kind === 'who' ? [word.no] : []));
  return { who, said, numbers };
}

test('each caller is the one whom the server names for that very question, in whatever order it answers', async () => {
  const { who, numbers } = opened();
  const asked = [who.ask(session), who.ask({ ...session, secret: 'acs_2' })];
  const [first = 0, second = 0] = numbers();
  who.hear({ kind: 'caller', no: second, caller: caller('ben') });
  // A number that nobody asked under is no answer to anybody.
  who.hear({ kind: 'caller', no: 99, caller: caller('eve') });
  who.hear({ kind: 'caller', no: first, caller: caller('ann') });
  expect((await Promise.all(asked)).map((one) => one.operator.name)).toEqual(['ann', 'ben']);
});

test('whoever is nobody in earnest is nobody in a drill', async () => {
  const { who, numbers } = opened();
  const asked = who.ask(session);
  who.hear({ kind: 'refused', no: numbers()[0] ?? 0, code: 'unauthenticated', message: 'The session is over.' });
  await expect(asked).rejects.toMatchObject({ code: 'unauthenticated' });
});

test('a flood of strangers is refused in the drill, and the server is asked no more for it', async () => {
  const { who, said, numbers } = opened();
  const asked = Array.from({ length: 200 }, () => who.ask(session));
  await expect(who.ask(session)).rejects.toMatchObject({ code: 'database-unavailable' });
  expect(said).toHaveLength(200);
  for (const no of numbers()) who.hear({ kind: 'caller', no, caller: caller('ann') });
  await Promise.all(asked);
  const next = who.ask(session);
  who.hear({ kind: 'caller', no: numbers().at(-1) ?? 0, caller: caller('ann') });
  expect((await next).operator.name).toBe('ann');
});
