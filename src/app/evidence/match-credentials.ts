import { CandidateBook } from '../../domain/evidence/candidate-book.ts';
import type { Verdict } from '../../domain/evidence/candidate-book.ts';
import { maxLinesKept } from '../../domain/evidence/finding.ts';
import type { Finding } from '../../domain/evidence/finding.ts';
import type { AccountId, Digest } from '../../domain/shared/ids.ts';
import type { Directory } from '../ports/directory.ts';
import type { CredentialHit } from '../ports/list-reader.ts';
import { chunksOf } from './chunks-of.ts';
import type { ListMatcher, MatchedRows, OnHashing } from './list-matcher.ts';
import { readSubjects } from './read-subjects.ts';
import type { Subject, SubjectDeps } from './read-subjects.ts';
import { runBounded } from './run-bounded.ts';

/** Addresses per directory call; the port takes 1,000, and half of that keeps one statement small. */
const confirmAtOnce = 500;

export interface CredentialMatchDeps extends SubjectDeps {
  /** Verifications at a time: the cores that may be spent. More only take from each other. */
  readonly verifiers: number;
}

/** A candidate password of one account, with the lines of this flush that hold it. */
interface Candidate {
  readonly accountId: AccountId;
  readonly fingerprint: string;
  readonly password: string;
  readonly lines: number[];
}

/** What a flush has learned of one account while it is being put together. */
interface Working {
  lines: number[];
  linesTotal: number;
  verdict: Extract<Verdict, { worked: true }> | null;
  namesMailbox: boolean;
}

/**
 * Confirms hits with the directory and runs each candidate password through the account's own stored hash. Verdicts are
 * remembered per account and candidate for this import only, and never by hash: two accounts with one hash are two.
 */
export function makeCredentialMatcher(deps: CredentialMatchDeps): ListMatcher<CredentialHit> {
  const book = new CandidateBook();
  return {
    async replay(rows) {
      for (const { accountId, hit } of await confirm(deps.directory, rows)) book.admit(accountId, hit.fingerprint);
    },

    async match(rows, onHashing): Promise<MatchedRows> {
      const met = await confirm(deps.directory, rows);
      const candidates = new Map<string, Candidate>();
      const works = new Map<AccountId, Working>();
      let overLimit = 0;
      for (const { accountId, hit } of met) {
        const admission = book.admit(accountId, hit.fingerprint);
        if (admission.kind === 'over-limit') {
          overLimit += 1;
          // Its password is not tried; that the mailbox is named is known all the same.
          if (!hit.namesMailbox) continue;
        }
        const working = works.get(accountId) ?? { lines: [], linesTotal: 0, verdict: null, namesMailbox: false };
        works.set(accountId, working);
        working.namesMailbox ||= hit.namesMailbox;
        if (admission.kind === 'verify') {
          const key = JSON.stringify([accountId, hit.fingerprint]);
          const known = candidates.get(key);
          if (known !== undefined) known.lines.push(hit.line);
          else candidates.set(key, { accountId, ...hit, lines: [hit.line] });
        } else if (admission.kind === 'known' && admission.verdict.worked) {
          addWorkingLines(working, [hit.line], admission.verdict);
        }
      }
      const subjects = await readSubjects(deps, [...works.keys()]);
      const toVerify = inOrderOfRisk(
        [...candidates.values()].filter((one) => subjects.get(one.accountId)?.kind === 'hash'),
        subjects,
      );
      await verifyAll(deps, toVerify, subjects, onHashing, (candidate, verdict) => {
        book.settle(candidate.accountId, candidate.fingerprint, verdict);
        const working = works.get(candidate.accountId);
        if (verdict.worked && working !== undefined) addWorkingLines(working, candidate.lines, verdict);
      });
      const findings: Finding[] = [];
      for (const [accountId, working] of works) {
        const subject = subjects.get(accountId);
        if (subject !== undefined) findings.push(toFinding(accountId, working, subject));
      }
      return {
        findings,
        linesMet: met.length,
        candidates: toVerify.length,
        refused: overLimit === 0 ? {} : { 'over-candidate-limit': overLimit },
      };
    },
  };
}

/** The hits whose address the directory itself knows, in line order. */
async function confirm(
  directory: Directory,
  rows: readonly CredentialHit[],
): Promise<readonly { accountId: AccountId; hit: CredentialHit }[]> {
  const known = new Map<string, AccountId>();
  for (const addresses of chunksOf([...new Set(rows.map((row) => row.address))], confirmAtOnce)) {
    for (const [address, accountId] of await directory.findByAddresses(addresses)) known.set(address, accountId);
  }
  return rows.flatMap((hit) => {
    const accountId = known.get(hit.address);
    return accountId === undefined ? [] : [{ accountId, hit }];
  });
}

/** Riskiest first; within a tier by fingerprint, whose key nobody knows, so that a list cannot choose who is last. */
function inOrderOfRisk(
  candidates: readonly Candidate[],
  subjects: ReadonlyMap<AccountId, Subject>,
): readonly Candidate[] {
  const tier = (one: Candidate) => subjects.get(one.accountId)?.tier ?? 0;
  return candidates.toSorted((a, b) => tier(a) - tier(b) || (a.fingerprint < b.fingerprint ? -1 : 1));
}

async function verifyAll(
  deps: CredentialMatchDeps,
  candidates: readonly Candidate[],
  subjects: ReadonlyMap<AccountId, Subject>,
  onHashing: OnHashing,
  settle: (candidate: Candidate, verdict: Verdict) => void,
): Promise<void> {
  if (candidates.length === 0) return;
  let coreSeconds = 0;
  for (const candidate of candidates) {
    const subject = subjects.get(candidate.accountId);
    if (subject?.kind === 'hash') coreSeconds += await deps.schemes.secondsPerVerification(subject.scheme);
  }
  const told = { candidates: candidates.length, secondsExpected: coreSeconds / Math.max(1, deps.verifiers) };
  let verified = 0;
  onHashing({ ...told, verified });
  await runBounded(candidates, deps.verifiers, async (candidate) => {
    const subject = subjects.get(candidate.accountId);
    if (subject?.kind !== 'hash') return;
    const worked = await deps.schemes.verify(candidate.password, subject.hash);
    settle(
      candidate,
      worked ? { worked, against: subject.against, hashDigest: subject.hashDigest } : { worked: false },
    );
    verified += 1;
    onHashing({ ...told, verified });
  });
}

function addWorkingLines(
  working: Working,
  lines: readonly number[],
  verdict: { readonly worked: true; readonly against: 'current' | 'restore-point'; readonly hashDigest: Digest },
): void {
  working.lines.push(...lines);
  working.linesTotal += lines.length;
  working.verdict = verdict;
}

function toFinding(accountId: AccountId, working: Working, subject: Subject): Finding {
  const { verdict } = working;
  return {
    accountId,
    class: verdict === null ? 'weak' : 'verified',
    against: verdict?.against ?? null,
    hashDigest: verdict?.hashDigest ?? null,
    remark: subject.kind === 'unverifiable' && verdict === null ? subject.remark : null,
    lines: working.lines.toSorted((a, b) => a - b).slice(0, maxLinesKept),
    linesTotal: working.linesTotal,
    eventId: '',
    eventAt: null,
    rule: null,
    reason: null,
    namesMailbox: working.namesMailbox,
  };
}
