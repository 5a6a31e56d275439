import { createHash, timingSafeEqual } from 'node:crypto';
import { Hono } from 'hono';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Caller } from '../../app/operator/authenticate-token.ts';
import type { HaltResult } from '../../app/rollout/halt-rollout.ts';
import { mayCall } from '../../domain/approval/token-scope.ts';
import type { HaltScope } from '../../domain/rollout/halt-scope.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { isTypedId } from '../../domain/shared/ids.ts';
import type { PlanId, RetractionId } from '../../domain/shared/ids.ts';
import type { ApiEnv, HttpLog } from '../api-env.ts';
import type { ApiLimits } from '../api-limits.ts';
import { failureOf, problemOf } from '../problem-of.ts';
import type { Services } from '../services.ts';
import { addHaltHeaders, haltFormPage, haltedPage } from './halt-page.ts';
import type { HaltedRow } from './halt-page.ts';
import { readSessionCookie } from './session-cookie.ts';

/** A form of five short fields. */
const formBytes = 8_192;
/** Who is contained and untold is added where it is known in time; the halt itself is never kept waiting for it. */
const untoldMs = 1_000;
/** Of more rollouts at once the rest reads "not known yet". */
const untoldRollouts = 10;

/** `/console/halt`: works with scripts off, by a session or by a token in the form. */
export function makeHaltPage(services: Services, limits: ApiLimits, log: HttpLog): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();

  /** Null where nobody is signed in, or the database does not say who: then a token may still be known. */
  async function signedIn(c: Context<ApiEnv>): Promise<{ readonly secret: string; readonly caller: Caller } | null> {
    const secret = readSessionCookie(c, services.consoleOrigin);
    if (secret === null) return null;
    const caller = await lookUp(c, secret, () => services.authenticateSessionToHalt(secret)).catch(() => null);
    return caller === null ? null : { secret, caller };
  }

  async function lookUp(c: Context<ApiEnv>, token: string, look: () => Promise<Caller>): Promise<Caller> {
    const counted = limits.beforeLookUp({ token, address: c.get('clientAddress'), isHalt: true });
    try {
      const caller = await look();
      counted.succeeded();
      return caller;
    } catch (error) {
      if (error instanceof Failure && error.code === 'unauthenticated') counted.failed();
      throw error;
    }
  }

  async function form(c: Context<ApiEnv>, subject: string, problem: string | null): Promise<string> {
    const known = await signedIn(c);
    const proof = known === null ? '' : proofOf(known.secret);
    return String(await haltFormPage({ name: known?.caller.operator.name ?? null, proof, subject, problem }));
  }

  /** Who halts: by a form that this session was given, or by the token in it. */
  async function requireHalter(c: Context<ApiEnv>, typed: Typed): Promise<Caller> {
    const secret = readSessionCookie(c, services.consoleOrigin);
    const { token } = typed;
    const caller =
      token === ''
        ? await lookUp(c, secret ?? '', () => {
            if (secret === null)
              throw new Failure('unauthenticated', 'You are not signed in. Type a token that may halt.');
            if (!isProof(typed.proof, secret)) {
              throw new Failure(
                'forbidden',
                'This form is of another session, or from another page. Nothing was halted: try again.',
              );
            }
            return services.authenticateSessionToHalt(secret);
          })
        : await lookUp(c, token, () => services.authenticateToHalt(token));
    if (mayCall(caller.operator.role, caller.scope, 'halt')) return caller;
    throw new Failure('forbidden', 'This token may not halt. Nothing was halted.');
  }

  app.use(addHaltHeaders);

  app.get('/', async (c) => c.html(await form(c, c.req.query('subject') ?? '', null)));

  app.post('/', bodyLimit({ maxSize: formBytes }), async (c) => {
    const typed = readForm(await c.req.parseBody());
    try {
      const { operator } = await requireHalter(c, typed);
      if (!typed.isSure) throw new Failure('usage', 'Tick “Yes, halt now”. Nothing was halted.');
      const subject = readSubject(typed.subject);
      const reason = typed.reason === '' ? 'halted by hand, on the plain page' : typed.reason;
      const result = await services.haltRollout({ subject, scope: typed.scope, reason, by: operator.operatorId });
      const rows = await rowsOf(services, result);
      return await c.html(haltedPage(result, rows));
    } catch (error) {
      const failure = failureOf(error);
      const { status } = problemOf(failure, c.get('requestId'));
      if (status >= 500)
        log.error({ err: error, requestId: c.get('requestId'), code: failure.code }, 'a request failed');
      return c.html(await form(c, typed.subject, failure.message), status as 400);
    }
  });

  return app;
}

interface Typed {
  readonly token: string;
  readonly proof: string;
  readonly scope: HaltScope;
  readonly subject: string;
  readonly reason: string;
  readonly isSure: boolean;
}

function readForm(fields: Readonly<Record<string, unknown>>): Typed {
  const text = (name: string): string => {
    const value = fields[name];
    return typeof value === 'string' ? value.trim() : '';
  };
  const scope = text('scope');
  return {
    token: text('token'),
    proof: text('proof'),
    // What is not understood halts more, not less.
    scope: scope === 'contain' || scope === 'tell' ? scope : 'all',
    subject: text('subject'),
    reason: text('reason').slice(0, 2_000),
    isSure: text('sure') === 'yes',
  };
}

function readSubject(text: string): PlanId | RetractionId | null {
  if (text === '') return null;
  if (isTypedId('plan', text) || isTypedId('retraction', text)) return text;
  throw new Failure(
    'usage',
    'This is no plan and no retraction; one looks like plan_81. Empty halts all. Nothing was halted.',
  );
}

async function rowsOf(services: Services, { rollouts, entered }: HaltResult): Promise<readonly HaltedRow[]> {
  if (!entered) return [];
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), untoldMs).unref());
  return Promise.all(
    rollouts.map(async ({ subject, halted, inFlight, handedOver }, place) => {
      const counted = place < untoldRollouts ? countUntold(services, subject) : Promise.resolve(null);
      return { subject, halted, inFlight, handedOver, untold: await Promise.race([counted, late]) };
    }),
  );
}

function countUntold(services: Services, subject: PlanId | RetractionId): Promise<number | null> {
  return services.readRolloutStatus(subject).then(
    ({ containedUntold }) => containedUntold?.count ?? 0,
    () => null,
  );
}

/** Known to whoever was shown the form with this very cookie, and says nothing of the secret. */
function proofOf(secret: string): string {
  return createHash('sha256').update(`halt form\n${secret}`).digest('hex');
}

function isProof(given: string, secret: string): boolean {
  const expected = Buffer.from(proofOf(secret));
  const actual = Buffer.from(given);
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}
