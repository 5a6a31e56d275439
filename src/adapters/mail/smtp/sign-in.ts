import type { ReleaseCause } from '../../../app/ports/holder-transport.ts';
import { causeOf } from './outcomes.ts';
import { readToken } from './read-token.ts';
import type { Login, SmtpServer } from './smtp-server.ts';
import type { Wire } from './wire.ts';

interface Exchange {
  readonly lines: readonly string[];
  /** What ends it when the server answers 334 where a yes or a no was due; none where it never may. */
  readonly giveUp: string | null;
}

type Problem = { readonly cause: ReleaseCause; readonly why: string };

/**
 * AUTH PLAIN (RFC 4616) or, where only that is offered, LOGIN; with a token OAUTHBEARER (RFC 7628), or else XOAUTH2. The
 * caller has seen to it that the connection is protected or ends on this machine. Null on success; the reason never
 * holds what was sent, nor what the server said.
 */
export async function signIn(
  wire: Wire,
  server: SmtpServer & { readonly login: Login },
  mechanisms: readonly string[],
  limitMs: number,
): Promise<Problem | null> {
  const exchange = await exchangeFor(server, mechanisms);
  if ('cause' in exchange) return exchange;
  const { lines, giveUp } = exchange;
  for (const [index, line] of lines.entries()) {
    const isLast = index === lines.length - 1;
    const code = await say(wire, line, limitMs);
    if (typeof code !== 'number') return code;
    if (code === (isLast ? 235 : 334)) continue;
    if (code !== 334 || giveUp === null) return refusal(code);
    // RFC 7628 3.2.3: the 334 holds why not, and its no comes after one more line of ours.
    const last = await say(wire, giveUp, limitMs);
    return typeof last === 'number' ? refusal(last) : last;
  }
  return null;
}

/** The code of the answer. */
async function say(wire: Wire, line: string, limitMs: number): Promise<number | Problem> {
  if (wire.hasUnread()) return { cause: 'protocol', why: 'the server answered what nobody asked' };
  wire.write(`${line}\r\n`);
  const heard = await wire.hear(limitMs);
  if (heard.kind === 'lost') return { cause: causeOf(heard.loss), why: heard.loss.why };
  return heard.reply.code;
}

function refusal(code: number): Problem {
  // A yes or a question where neither was due, too: it is another session than we believe.
  return { cause: code >= 400 && code < 500 ? 'unreachable' : 'login', why: `AUTH was answered ${code}` };
}

async function exchangeFor(
  { login, host, port }: SmtpServer & { readonly login: Login },
  mechanisms: readonly string[],
): Promise<Exchange | Problem> {
  const { user } = login;
  if ('password' in login) {
    const { password } = login;
    if (mechanisms.includes('PLAIN'))
      return { lines: [`AUTH PLAIN ${base64(`\0${user}\0${password}`)}`], giveUp: null };
    if (mechanisms.includes('LOGIN')) return { lines: ['AUTH LOGIN', base64(user), base64(password)], giveUp: null };
    return { cause: 'login', why: 'the server offers neither AUTH PLAIN nor AUTH LOGIN' };
  }
  const read = await readToken(login.tokenFile);
  if (read.kind === 'unreadable') return { cause: 'login', why: read.why };
  const bearer = `auth=Bearer ${read.token}\u0001\u0001`;
  if (mechanisms.includes('OAUTHBEARER')) {
    // RFC 5801 4: the name in a GS2 header has its commas and equal signs encoded.
    const name = user.replaceAll('=', '=3D').replaceAll(',', '=2C');
    const first = base64(`n,a=${name},\u0001host=${host}\u0001port=${port}\u0001${bearer}`);
    return { lines: [`AUTH OAUTHBEARER ${first}`], giveUp: base64('\u0001') };
  }
  if (mechanisms.includes('XOAUTH2'))
    return { lines: [`AUTH XOAUTH2 ${base64(`user=${user}\u0001${bearer}`)}`], giveUp: '' };
  return { cause: 'login', why: 'the server offers neither AUTH OAUTHBEARER nor AUTH XOAUTH2' };
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
