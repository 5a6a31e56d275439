import type { MeantStatement } from '../../../src/domain/approval/offered-statement.ts';
import { Failure } from '../../../src/domain/shared/failure.ts';
import { call } from '../api/call.ts';
import type { Answer } from '../api/routes.ts';
import { hashing } from '../digest/hashing.ts';

export type Loss = Answer<'get /api/v1/losses/waiting'>;

/** What the text says that two people sign: all of it is on the page. */
export interface LossRecord {
  readonly deployment: string;
  readonly directory: string;
  readonly chains: readonly {
    readonly chain: string;
    readonly agreedSeq: number;
    readonly seenThrough: number;
    readonly seenBy: string;
  }[];
  readonly tracks: readonly { readonly subject: string; readonly track: string; readonly people: number }[];
  readonly people: number;
  readonly lostLetters: LossRecord['tracks'];
  readonly lostStarts: readonly string[];
  readonly doubts: readonly string[];
  readonly everyone: boolean;
  readonly vouched: string | null;
  readonly hosts: readonly string[];
}

const shownFields: readonly string[] = [
  'chains',
  'deployment',
  'directory',
  'doubts',
  'everyone',
  'hosts',
  'lostLetters',
  'lostStarts',
  'people',
  'tracks',
  'vouched',
];

export function parseLoss(record: string): LossRecord {
  return JSON.parse(record) as LossRecord;
}

/**
 * What a yes to a loss is to, computed in the browser from the very text that the page shows. Throws `Failure('digest-mismatch')`
 * where that text is not the one of the digest, says anything that the page does not show, or is about another deployment.
 */
export async function recomputeLoss(
  { loss, record, digest, total }: Pick<Loss, 'loss' | 'record' | 'digest' | 'total'>,
  signal: AbortSignal,
): Promise<MeantStatement> {
  const said = parseLoss(record);
  if (hashing.canonical(said) !== record) throw differs(loss, 'its text can be read in two ways');
  if (Object.keys(said).toSorted().join() !== shownFields.join())
    throw differs(loss, 'its text says something that this page does not show');
  const computed = hashing.sha256(record);
  if (computed !== digest) throw differs(loss, `computed here its digest is ${computed}`);
  const people = said.tracks.reduce((sum, track) => sum + track.people, 0);
  if (said.people !== total || people !== total) throw differs(loss, `it concerns ${people} people`);
  const { deployment, directory } = await call('get /api/v1/deployment', {}, { signal });
  if (said.deployment !== deployment || said.directory !== directory)
    throw differs(loss, `it is about ${said.deployment} and the directory ${said.directory}`);
  return { digest: computed, total, decision: 'accept-loss', deployment, directory, review: null };
}

function differs(loss: string, what: string): Failure {
  return new Failure('digest-mismatch', `${loss} is not what this page shows: ${what}. Nothing was signed.`);
}
