import { Failure } from '../../domain/shared/failure.ts';
import type { Clock } from '../ports/clock.ts';
import { authenticateToken } from './authenticate-token.ts';
import type { AuthenticateTokenDeps, Caller } from './authenticate-token.ts';

/** A person who was known within a day may halt while nobody can be asked: halting is the safe direction. */
const rememberedMs = 24 * 3_600_000;
/** More people than any installation has; the longest unseen are forgotten. */
const mostRemembered = 1_000;

export interface HaltAuthenticatorDeps extends AuthenticateTokenDeps {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly inTime: <T>(work: Promise<T>) => Promise<T | null>;
}

export interface HaltAuthenticator {
  /** To be told of everyone whom the database knew, by the token's own text; only its digest is kept. */
  remember(token: string, caller: Caller): void;
  /** As `look`, by default `authenticateToken`; while the database does not answer, whoever was known lately counts as known. */
  authenticate(token: string, look?: (deps: AuthenticateTokenDeps, token: string) => Promise<Caller>): Promise<Caller>;
}

export function makeHaltAuthenticator(deps: HaltAuthenticatorDeps): HaltAuthenticator {
  const remembered = new Map<string, { readonly caller: Caller; readonly atMs: number }>();

  function recall(token: string): Caller | null {
    const known = remembered.get(deps.digests.sha256(token));
    if (known === undefined || deps.clock.monotonicMs() - known.atMs > rememberedMs) return null;
    return known.caller;
  }

  return {
    remember(token, caller) {
      const digest = deps.digests.sha256(token);
      remembered.delete(digest);
      remembered.set(digest, { caller, atMs: deps.clock.monotonicMs() });
      const [oldest] = remembered.keys();
      if (remembered.size > mostRemembered && oldest !== undefined) remembered.delete(oldest);
    },

    async authenticate(token, look = authenticateToken) {
      const asked = look(deps, token).then(
        (caller) => ({ caller }),
        (error: unknown) => ({ error }),
      );
      const answer = await deps.inTime(asked);
      if (answer !== null && 'caller' in answer) return answer.caller;
      if (answer !== null && isRefusal(answer.error)) {
        remembered.delete(deps.digests.sha256(token));
        throw answer.error;
      }
      const known = recall(token);
      if (known !== null) return known;
      if (answer !== null) throw answer.error;
      throw new Failure(
        'database-unavailable',
        'The database does not say who you are. Halt on the server’s machine: allclear halt --direct',
      );
    },
  };
}

function isRefusal(error: unknown): boolean {
  return error instanceof Failure && error.code === 'unauthenticated';
}
