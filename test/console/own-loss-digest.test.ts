import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { recomputeLoss } from '../../console/src/loss/read-loss.ts';

const said = {
  chains: [{ agreedSeq: 33, chain: 'rollout:1', seenBy: 'journal', seenThrough: 53 }],
  deployment: 'd-1',
  directory: 'chirp',
  doubts: [],
  everyone: false,
  hosts: ['host_1'],
  lostLetters: [],
  lostStarts: [],
  people: 110,
  tracks: [
    { people: 60, subject: 'plan_1', track: 'contain' },
    { people: 50, subject: 'plan_1', track: 'tell' },
  ],
  vouched: null,
};
const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
const textOf = (value: object): string => canonicalize(value) ?? '';

/** What a server shows of this record, with a digest that fits. */
function waiting(record: string, changed: object = {}): Parameters<typeof recomputeLoss>[0] {
  return { loss: 'loss_1', record, digest: sha256(record), total: 110, ...changed };
}

beforeEach(() => {
  vi.stubGlobal('fetch', () => Promise.resolve(Response.json({ deployment: 'd-1', directory: 'chirp' })));
});
afterEach(() => vi.unstubAllGlobals());

const compute = (of: Parameters<typeof recomputeLoss>[0]): ReturnType<typeof recomputeLoss> =>
  recomputeLoss(of, new AbortController().signal);

it('what a yes to a loss is to is computed in the browser, from the text that is on the page', async () => {
  const record = textOf(said);
  expect(await compute(waiting(record))).toEqual({
    digest: sha256(record),
    total: 110,
    decision: 'accept-loss',
    deployment: 'd-1',
    directory: 'chirp',
    review: null,
  });
});

it.each<[string, Parameters<typeof recomputeLoss>[0]]>([
  ['the digest is of another text', waiting(textOf(said), { digest: 'a'.repeat(64) })],
  ['the total is another', waiting(textOf(said), { total: 10 })],
  ['more people are concerned than it says', waiting(textOf({ ...said, people: 10 }), { total: 10 })],
  ['it says something that the page does not show', waiting(textOf({ ...said, also: 'every plan is closed' }))],
  ['it lacks what the page shows', waiting(textOf({ ...said, vouched: undefined }))],
  ['its text can be read in two ways', waiting(JSON.stringify(said, null, 1))],
  ['it is about another deployment', waiting(textOf({ ...said, deployment: 'd-2' }))],
  ['it is about another directory', waiting(textOf({ ...said, directory: 'live' }))],
])('no loss can be signed where %s', async (_, shown) => {
  await expect(compute(shown)).rejects.toMatchObject({ code: 'digest-mismatch' });
});
