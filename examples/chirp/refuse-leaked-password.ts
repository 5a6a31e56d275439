import { APIError, createAuthMiddleware, getSessionFromCtx } from 'better-auth/api';
import { askPasswordCheck, type PasswordCheck } from './password-check.ts';

/** How a credential starts that Allclear has taken out of use. The rest names the restore point; Chirp need not read it. */
const quarantineMarker = 'allclear-q1$';

type Hook = Parameters<typeof createAuthMiddleware>[0];
type HookContext = Parameters<Hook>[0];

interface Fields {
  readonly [name: string]: unknown;
}

/** Whose password the request would set, or null where better-auth will refuse the request anyway. */
async function accountBeingSet(ctx: HookContext): Promise<string | null> {
  if (ctx.path === '/change-password') {
    const session = await getSessionFromCtx(ctx);
    return session?.user.id ?? null;
  }
  if (ctx.path === '/reset-password') {
    const body = ctx.body as Fields | undefined;
    const query = ctx.query as Fields | undefined;
    // Falls through on an empty token as better-auth does; else that request would be set without a question.
    const token = body?.['token'] || query?.['token'];
    if (typeof token !== 'string') return null;
    const verification = await ctx.context.internalAdapter.findVerificationValue(`reset-password:${token}`);
    if (verification === null || verification.expiresAt < new Date()) return null;
    return verification.value;
  }
  return null;
}

async function isQuarantined(ctx: HookContext, userId: string): Promise<boolean> {
  const credential = await ctx.context.internalAdapter.findCredentialAccount(userId);
  return credential?.password?.startsWith(quarantineMarker) === true;
}

/**
 * Runs before every better-auth endpoint. Where a password is being set on an account, Allclear is asked whether it is the
 * one that was taken out of use: on every account, because the marker is gone after the first reset and the leaked
 * password is not. Sign-up needs no rule, for its account is new; nor does `set-password`, which no request reaches and
 * which refuses an account that has a credential, and a marker is one.
 */
export function refuseLeakedPassword(check: PasswordCheck): ReturnType<typeof createAuthMiddleware> {
  return createAuthMiddleware(async (ctx) => {
    const newPassword = (ctx.body as Fields | undefined)?.['newPassword'];
    if (typeof newPassword !== 'string') return;
    const { minPasswordLength, maxPasswordLength } = ctx.context.password.config;
    if (newPassword.length < minPasswordLength || newPassword.length > maxPasswordLength) return;

    const userId = await accountBeingSet(ctx);
    if (userId === null) return;

    const verdict = await askPasswordCheck(check, userId, newPassword);
    if (verdict === 'allowed') return;
    if (verdict === 'refused') {
      throw new APIError('BAD_REQUEST', {
        code: 'PASSWORD_LEAKED',
        message: 'This password was part of a leak. Choose another.',
      });
    }
    // No answer is no while the account is quarantined: a thief knows its old password, and the link can wait. Elsewhere it
    // is yes, or nobody could change or recover a password while Allclear is down; the price is that someone who has
    // recovered could choose the leaked one again in that time. Read after the question: a quarantine may come meanwhile.
    if (!(await isQuarantined(ctx, userId))) return;
    throw new APIError('SERVICE_UNAVAILABLE', {
      code: 'PASSWORD_CHECK_UNAVAILABLE',
      message: 'We cannot check this password right now. Nothing was changed: try again in a few minutes.',
    });
  });
}
