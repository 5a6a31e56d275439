import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';

import type { SelfSigned } from './self-signed.ts';

/** Where a sink can misbehave. `connect` is in place of the greeting, `body` at the first byte of a message's text. */
export type SinkStep =
  | 'connect'
  | 'ehlo'
  | 'starttls'
  | 'auth'
  | 'mail'
  | 'rcpt'
  | 'data'
  | 'body'
  | 'dot'
  | 'rset'
  | 'quit';

export interface SinkRule {
  readonly at: SinkStep;
  /** Only on this connection, counted from 0. */
  readonly connection?: number;
  /** Only for this message, counted from 0 by MAIL commands over all connections. */
  readonly message?: number;
  /** At `rcpt`: only for a command line that holds this. */
  readonly recipient?: string;
  /** Only so many times. */
  readonly times?: number;
  /** Raw bytes (latin1) in place of the usual reply; several are written apart from each other. */
  readonly say?: string | readonly string[];
  /** Says it only after so many milliseconds. */
  readonly delayMs?: number;
  /** Says it again and again, so many times in all, as fast as the other side takes it. */
  readonly repeat?: number;
  /** One byte every so many milliseconds. */
  readonly dripMs?: number;
  /** What follows: the usual (`go-on`), an end, a reset, or never another word. */
  readonly then?: 'go-on' | 'fin' | 'rst' | 'silence';
  /** At `dot`: whether the world takes the message. Default: if the reply begins with 2, or is the usual one. */
  readonly takes?: boolean;
}

export interface SinkOptions {
  /** Default: a free one. */
  readonly port?: number;
  readonly rules?: readonly SinkRule[];
  /** Lines of the EHLO answer after the first. */
  readonly extensions?: readonly string[];
  /** Speaks TLS from the first byte, or offers STARTTLS. */
  readonly tls?: SelfSigned & { readonly mode: 'implicit' | 'starttls' };
  /** The same for one connection, counted from 0: another certificate, or none offered. Default: `tls`. */
  readonly tlsOf?: (connection: number) => SinkOptions['tls'];
  /** Lines of the EHLO answer for one connection. Default: `extensions`. */
  readonly extensionsOf?: (connection: number) => readonly string[];
  /** Lines of the EHLO answer by whether TLS is on. Default: `extensionsOf`. */
  readonly ehloOf?: (isProtected: boolean) => readonly string[];
  /** Offers AUTH PLAIN LOGIN and takes only this. */
  readonly login?: { readonly user: string; readonly password: string };
  /** Takes this token by OAUTHBEARER or XOAUTH2, where `extensions` offer them. */
  readonly token?: { readonly user: string; readonly token: string };
}

export interface TakenMessage {
  readonly from: string;
  readonly to: readonly string[];
  /** As sent, dot-stuffing undone, without the final dot. */
  readonly raw: Buffer;
  readonly connection: number;
  readonly isProtected: boolean;
}

export interface AskedRecipient {
  readonly to: string;
  readonly from: string;
  readonly peer: string;
  readonly at: number;
}

/** A server of no good will, and what really happened there. */
export interface SmtpSink {
  readonly port: number;
  /** What the world took: the ground truth. */
  readonly taken: readonly TakenMessage[];
  /** Messages that came whole, final dot and all, taken or not. */
  readonly wholeMessages: () => number;
  readonly connections: () => number;
  /** Bytes that floods got rid of. */
  readonly floodedBytes: () => number;
  /** How often it misbehaved as a rule says. */
  readonly obeyed: () => number;
  /** Every RCPT in order: whom it named, for which sender, from which address, and when by this clock (milliseconds). */
  readonly recipients: readonly AskedRecipient[];
  /** Every command line, in order; AUTH lines without what follows. */
  readonly commands: readonly string[];
  /** Resolves once every connection so far has gone. */
  whenQuiet(): Promise<void>;
  close(): Promise<void>;
}

const usualExtensions = ['PIPELINING', '8BITMIME', 'SMTPUTF8', 'SIZE 1000000', 'ENHANCEDSTATUSCODES', 'DSN'];

interface World {
  readonly options: SinkOptions;
  readonly taken: TakenMessage[];
  readonly commands: string[];
  readonly recipients: AskedRecipient[];
  readonly uses: Map<SinkRule, number>;
  messages: number;
  whole: number;
  /** Bytes of floods that the other side's kernel took. */
  said: number;
}

export async function openSmtpSink(options: SinkOptions = {}): Promise<SmtpSink> {
  const world: World = {
    options,
    taken: [],
    commands: [],
    recipients: [],
    uses: new Map(),
    messages: 0,
    whole: 0,
    said: 0,
  };
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    new SinkConnection(world, socket, connections).start();
    connections += 1;
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const whenQuiet = async (): Promise<void> => {
    // Not `once`, which also rejects on the reset that many a test wants.
    await Promise.all([...sockets].map((socket) => new Promise((resolve) => socket.once('close', resolve))));
  };
  return {
    port: (server.address() as AddressInfo).port,
    taken: world.taken,
    wholeMessages: () => world.whole,
    connections: () => connections,
    floodedBytes: () => world.said,
    obeyed: () => [...world.uses.values()].reduce((sum, times) => sum + times, 0),
    commands: world.commands,
    recipients: world.recipients,
    whenQuiet,
    close: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await whenQuiet();
    },
  };
}

class SinkConnection {
  readonly #world: World;
  readonly #number: number;
  readonly #tcp: Socket;
  #socket: Socket;
  #mode: 'command' | 'data' | 'auth' | 'deaf' = 'command';
  #input = Buffer.alloc(0);
  /** Null outside a mail transaction. */
  #from: string | null = null;
  #to: string[] = [];
  #message = -1;
  #authLines: string[] = [];
  #awaited: string | null = null;
  #bodySeen = false;
  #isProtected = false;
  readonly #pending: (() => void)[] = [];

  constructor(world: World, socket: Socket, number: number) {
    this.#world = world;
    this.#tcp = socket;
    this.#socket = socket;
    this.#number = number;
  }

  start(): void {
    this.#tcp.on('error', () => undefined);
    const tls = this.#tls();
    if (tls?.mode === 'implicit') this.#protect(tls);
    this.#listen();
    this.#step('connect', '220 sink.test ESMTP\r\n');
  }

  #tls(): SinkOptions['tls'] {
    const { tls, tlsOf } = this.#world.options;
    return tlsOf === undefined ? tls : tlsOf(this.#number);
  }

  #listen(): void {
    const socket = this.#socket;
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      if (socket !== this.#socket || this.#mode === 'deaf') return;
      this.#input = Buffer.concat([this.#input, chunk]);
      this.#read();
    });
  }

  #protect(tls: SelfSigned): void {
    this.#tcp.removeAllListeners('data');
    this.#socket = new TLSSocket(this.#tcp, { isServer: true, secureContext: createSecureContext(tls) });
    this.#isProtected = true;
  }

  #read(): void {
    for (;;) {
      if (this.#mode === 'deaf') return;
      if (this.#mode === 'data') {
        if (!this.#readData()) return;
        continue;
      }
      const end = this.#input.indexOf('\r\n');
      if (end === -1) return;
      const line = this.#input.subarray(0, end).toString('utf8');
      this.#input = this.#input.subarray(end + 2);
      if (this.#mode === 'auth') this.#takeAuthLine(line);
      else this.#takeCommand(line);
    }
  }

  /** Whether a whole message was there. */
  #readData(): boolean {
    if (!this.#bodySeen && this.#input.length > 0) {
      this.#bodySeen = true;
      this.#step('body', '');
      if (this.#mode === 'deaf') return false;
    }
    const end = this.#input.subarray(0, 3).equals(Buffer.from('.\r\n')) ? 0 : this.#input.indexOf('\r\n.\r\n') + 2;
    if (end === 1) return false;
    const raw = unstuffed(this.#input.subarray(0, end));
    this.#input = this.#input.subarray(end + 3);
    this.#mode = 'command';
    this.#world.whole += 1;
    const rule = this.#ruleAt('dot');
    const said = [rule?.say ?? '250'].flat()[0] ?? '';
    if (rule?.takes ?? (said.startsWith('2') && rule?.then !== 'silence')) {
      const { taken } = this.#world;
      taken.push({
        from: this.#from ?? '',
        to: this.#to,
        raw,
        connection: this.#number,
        isProtected: this.#isProtected,
      });
    }
    this.#from = null;
    this.#obey(rule, '250 2.0.0 Ok: queued as 4F2A\r\n');
    return true;
  }

  #takeCommand(line: string): void {
    const verb = line.slice(0, 4).toUpperCase();
    this.#world.commands.push(verb === 'AUTH' ? line.split(' ').slice(0, 2).join(' ') : line);
    switch (verb) {
      case 'EHLO':
        this.#step('ehlo', this.#ehloAnswer());
        return;
      case 'STAR':
        return this.#startTls();
      case 'AUTH':
        return this.#startAuth(line);
      case 'MAIL':
        this.#message = this.#world.messages;
        this.#world.messages += 1;
        this.#to = [];
        this.#from = this.#step('mail', '250 2.1.0 Ok\r\n') ? pathIn(line) : null;
        return;
      case 'RCPT':
        if (this.#from === null) return this.#write('503 5.5.1 MAIL first\r\n');
        this.#world.recipients.push({
          to: pathIn(line),
          from: this.#from,
          peer: this.#tcp.remoteAddress ?? '',
          at: performance.now(),
        });
        if (this.#step('rcpt', '250 2.1.5 Ok\r\n', line)) this.#to = [...this.#to, pathIn(line)];
        return;
      case 'DATA':
        return this.#startData();
      case 'RSET':
        this.#from = null;
        this.#to = [];
        this.#step('rset', '250 2.0.0 Ok\r\n');
        return;
      case 'QUIT':
        return this.#obey(this.#ruleAt('quit') ?? { at: 'quit', then: 'fin', say: '221 2.0.0 Bye\r\n' }, '');
      default:
        this.#write('500 5.5.2 Unknown\r\n');
    }
  }

  #startData(): void {
    const rule = this.#ruleAt('data');
    if (this.#to.length === 0 && rule === undefined) return this.#write('503 5.5.1 RCPT first\r\n');
    this.#obey(rule, '354 Go ahead\r\n');
    const said = [rule?.say ?? '354'].flat().join('');
    if (this.#mode !== 'deaf' && said.startsWith('354')) {
      this.#mode = 'data';
      this.#bodySeen = false;
    }
  }

  #startTls(): void {
    const rule = this.#ruleAt('starttls');
    this.#obey(rule, '220 2.0.0 Ready\r\n');
    const tls = this.#tls();
    if (tls === undefined || rule !== undefined) return;
    this.#input = Buffer.alloc(0);
    this.#protect(tls);
    this.#listen();
  }

  #startAuth(line: string): void {
    const [, mechanism, initial] = line.split(' ');
    const rule = this.#ruleAt('auth');
    if (rule !== undefined) return this.#obey(rule, '');
    if (mechanism === 'OAUTHBEARER' || mechanism === 'XOAUTH2') return this.#judgeToken(mechanism, decode(initial));
    if (mechanism === 'PLAIN') return this.#judgeLogin(decode(initial).split('\0').slice(1));
    this.#authLines = [];
    this.#mode = 'auth';
    this.#write('334 VXNlcm5hbWU6\r\n');
  }

  #judgeToken(mechanism: 'OAUTHBEARER' | 'XOAUTH2', said: string): void {
    const { token, user } = this.#world.options.token ?? { token: '', user: '' };
    const start = mechanism === 'XOAUTH2' ? `user=${user}` : `n,a=${user},`;
    const isRight = said.startsWith(`${start}\u0001`) && said.endsWith(`\u0001auth=Bearer ${token}\u0001\u0001`);
    if (isRight) return this.#write('235 2.7.0 Welcome\r\n');
    // What the other side has to say before it hears its no.
    this.#awaited = mechanism === 'XOAUTH2' ? '' : 'AQ==';
    this.#mode = 'auth';
    this.#write(`334 ${Buffer.from('{"status":"invalid_token"}').toString('base64')}\r\n`);
  }

  #takeAuthLine(line: string): void {
    if (this.#awaited !== null) {
      this.#mode = 'command';
      const isDue = line === this.#awaited;
      this.#awaited = null;
      return this.#write(isDue ? '535 5.7.8 Not you\r\n' : '501 5.5.2 Not that\r\n');
    }
    this.#authLines.push(decode(line));
    if (this.#authLines.length < 2) return this.#write('334 UGFzc3dvcmQ6\r\n');
    this.#mode = 'command';
    this.#judgeLogin(this.#authLines);
  }

  #judgeLogin([user, password]: readonly string[]): void {
    const { login } = this.#world.options;
    const isRight = login !== undefined && user === login.user && password === login.password;
    this.#write(isRight ? '235 2.7.0 Welcome\r\n' : '535 5.7.8 Not you\r\n');
  }

  #ehloAnswer(): string {
    const { extensions: usual = usualExtensions, extensionsOf, ehloOf, login } = this.#world.options;
    const extensions = ehloOf?.(this.#isProtected) ?? extensionsOf?.(this.#number) ?? usual;
    const tls = this.#tls();
    const lines = ['sink.test', ...extensions];
    if (tls?.mode === 'starttls' && !this.#isProtected) lines.push('STARTTLS');
    if (login !== undefined && !extensions.some((line) => line.startsWith('AUTH'))) lines.push('AUTH PLAIN LOGIN');
    return lines.map((line, index) => `250${index + 1 < lines.length ? '-' : ' '}${line}\r\n`).join('');
  }

  /** Whether a yes was said. */
  #step(at: SinkStep, usual: string, line = ''): boolean {
    const rule = this.#ruleAt(at, line);
    this.#obey(rule, usual);
    return !/^[45]/.test([rule?.say ?? usual].flat().join(''));
  }

  #ruleAt(at: SinkStep, line = ''): SinkRule | undefined {
    const { options, uses } = this.#world;
    const found = options.rules?.find(
      (rule) =>
        rule.at === at &&
        (rule.connection ?? this.#number) === this.#number &&
        (rule.message ?? this.#message) === this.#message &&
        line.includes(rule.recipient ?? '') &&
        (uses.get(rule) ?? 0) < (rule.times ?? Infinity),
    );
    if (found !== undefined) uses.set(found, (uses.get(found) ?? 0) + 1);
    return found;
  }

  #obey(rule: SinkRule | undefined, usual: string): void {
    const pieces = [rule?.say ?? usual].flat();
    const then = rule?.then ?? 'go-on';
    if (then !== 'go-on') this.#mode = 'deaf';
    if (rule?.dripMs !== undefined) return this.#drip(pieces.join(''), rule.dripMs);
    if (rule?.repeat !== undefined) return this.#flood(Buffer.from(pieces.join(''), 'latin1'), rule.repeat);
    if (rule?.delayMs !== undefined) {
      setTimeout(() => {
        this.#write(pieces.join(''));
        this.#inOrder(() => this.#end(then));
      }, rule.delayMs);
      return;
    }
    const [first = '', ...rest] = pieces;
    this.#write(first);
    for (const piece of rest) {
      this.#later(() => undefined);
      this.#write(piece);
    }
    this.#inOrder(() => this.#end(then));
  }

  /** Runs now, or after what is still to be written. */
  #inOrder(act: () => void): void {
    if (this.#pending.length === 0) act();
    else this.#pending.push(act);
  }

  /** Runs in the next turn of the event loop, and so apart from what was written before. */
  #later(act: () => void): void {
    this.#pending.push(act);
    if (this.#pending.length === 1) setImmediate(() => this.#runPending());
  }

  #runPending(): void {
    const [act] = this.#pending;
    act?.();
    this.#pending.shift();
    if (this.#pending.length > 0) setImmediate(() => this.#runPending());
  }

  #drip(text: string, everyMs: number): void {
    let at = 0;
    const timer = setInterval(() => {
      if (at >= text.length || this.#socket.destroyed) return clearInterval(timer);
      this.#write(text[at] ?? '');
      at += 1;
    }, everyMs);
  }

  #flood(piece: Buffer, times: number): void {
    if (times === 0 || this.#socket.destroyed) return;
    this.#world.said += piece.length;
    this.#socket.write(piece, () => this.#flood(piece, times - 1));
  }

  #end(then: NonNullable<SinkRule['then']>): void {
    if (then === 'fin') this.#socket.end();
    if (then === 'rst') this.#tcp.resetAndDestroy();
  }

  #write(text: string): void {
    if (text === '') return;
    this.#inOrder(() => {
      if (this.#socket.writable) this.#socket.write(Buffer.from(text, 'latin1'));
    });
  }
}

function unstuffed(wire: Buffer): Buffer {
  return Buffer.from(
    wire.toString('latin1').replaceAll(/^\./gm, (dot, at: number) => (isLineStart(wire, at) ? '' : dot)),
    'latin1',
  );
}

/** `m` also matches after a bare CR or LF, where SMTP sees no line. */
function isLineStart(wire: Buffer, at: number): boolean {
  return at === 0 || (at >= 2 && wire[at - 2] === 0x0d && wire[at - 1] === 0x0a);
}

function pathIn(line: string): string {
  return /<([^>]*)>/.exec(line)?.[1] ?? '';
}

function decode(base64: string | undefined): string {
  return Buffer.from(base64 ?? '', 'base64').toString('utf8');
}
