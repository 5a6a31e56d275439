import type { ReleaseCause } from '../../../app/ports/holder-transport.ts';
import { causeOf } from './outcomes.ts';
import type { Wire } from './wire.ts';

/**
 * AUTH PLAIN (RFC 4616) or, where only that is offered, LOGIN. The caller has seen to it that the connection is
 * protected or ends on this machine. Null on success; the reason never holds what was sent.
 */
export async function signIn(
  wire: Wire,
  login: { readonly user: string; readonly password: string },
  mechanisms: readonly string[],
  limitMs: number,
): Promise<{ readonly cause: ReleaseCause; readonly why: string } | null> {
  const lines = exchangeFor(login, mechanisms);
  if (lines === null) return { cause: 'login', why: 'the server offers neither AUTH PLAIN nor AUTH LOGIN' };
  for (const [index, line] of lines.entries()) {
    if (wire.hasUnread()) return { cause: 'protocol', why: 'the server answered what nobody asked' };
    wire.write(`${line}\r\n`);
    const heard = await wire.hear(limitMs);
    if (heard.kind === 'lost') return { cause: causeOf(heard.loss), why: heard.loss.why };
    const expected = index === lines.length - 1 ? 235 : 334;
    if (heard.reply.code === expected) continue;
    return { cause: heard.reply.code < 500 ? 'unreachable' : 'login', why: `AUTH was answered ${heard.reply.code}` };
  }
  return null;
}

function exchangeFor(
  login: { readonly user: string; readonly password: string },
  mechanisms: readonly string[],
): readonly string[] | null {
  if (mechanisms.includes('PLAIN')) return [`AUTH PLAIN ${base64(`\0${login.user}\0${login.password}`)}`];
  if (mechanisms.includes('LOGIN')) return ['AUTH LOGIN', base64(login.user), base64(login.password)];
  return null;
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
