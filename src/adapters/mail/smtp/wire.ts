import type { Socket } from 'node:net';

import { ReplyParser, type Reply } from './reply-parser.ts';

/**
 * How a connection ended. `closed`, `reset`: by the other side or the network. `silent`: a time limit of ours ran out.
 * `garbled`: it sent what is no SMTP. `ours`: we ended it.
 */
export interface Loss {
  readonly how: 'closed' | 'reset' | 'silent' | 'garbled' | 'ours';
  readonly why: string;
}

export type Heard = { readonly kind: 'reply'; readonly reply: Reply } | { readonly kind: 'lost'; readonly loss: Loss };

/**
 * A connection seen as bytes out and replies in. One caller at a time. Replies that came before a loss can still be
 * heard after it; replies that nobody asked for stay unread, where `hasUnread` finds them.
 */
export class Wire {
  readonly #stream: Socket;
  readonly #tcp: Socket;
  readonly #parser = new ReplyParser();
  #replies: Reply[] = [];
  #loss: Loss | null = null;
  #wake: (() => void) | null = null;

  /** `stream` is what is spoken over: the TCP socket itself, or a TLS socket on top of it. */
  constructor(stream: Socket, tcp: Socket) {
    this.#stream = stream;
    this.#tcp = tcp;
    stream.on('data', this.#onData);
    stream.on('end', this.#onEnd);
    stream.on('close', this.#onEnd);
    stream.on('error', this.#onError);
  }

  get loss(): Loss | null {
    return this.#loss;
  }

  /** Whether input lies here, even half a line, that no command has asked for. */
  hasUnread(): boolean {
    return this.#replies.length > 0 || !this.#parser.isBetweenReplies;
  }

  /** Takes the oldest unread reply, without waiting. */
  takeUnread(): Reply | null {
    return this.#replies.shift() ?? null;
  }

  write(bytes: string | Uint8Array): void {
    this.#stream.write(bytes, this.#onWritten);
  }

  /** Waits until the kernel has everything written. Null, or how the connection was lost meanwhile. */
  async drain(limitMs: number): Promise<Loss | null> {
    // 0 as soon as the kernel took all of it, which for a mail is within `write`: then nothing is waited for.
    const isDrained = await this.#until(() => this.#stream.writableLength === 0, limitMs);
    if (!isDrained) this.#lose({ how: 'silent', why: `took no bytes for ${limitMs} ms` });
    return this.#loss;
  }

  /** The next reply. `limitMs` bounds the whole of it, not the pause between two bytes. */
  async hear(limitMs: number): Promise<Heard> {
    await this.#until(() => this.#replies.length > 0, limitMs);
    const reply = this.#replies.shift();
    if (reply !== undefined) return { kind: 'reply', reply };
    this.#lose({ how: 'silent', why: `no reply within ${limitMs} ms` });
    return { kind: 'lost', loss: this.#loss ?? { how: 'silent', why: 'no reply' } };
  }

  /** Ends the connection by RST, so that no server can take an unfinished message for a finished one. */
  abort(why: string): void {
    this.#lose({ how: 'ours', why });
  }

  /** Says QUIT, waits for the answer for at most `limitMs`, and closes. */
  async quit(limitMs: number): Promise<void> {
    if (this.#loss !== null) return;
    this.write('QUIT\r\n');
    await this.#until(() => this.#replies.length > 0, limitMs);
    this.#loss ??= { how: 'ours', why: 'quit' };
    this.#stream.destroy();
  }

  /**
   * One poll of the event loop, so that what has already arrived is known. The first setImmediate still belongs to the
   * turn under way; only the second comes after the sockets were read.
   */
  async catchUp(): Promise<void> {
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  }

  /** Gives up the connection to another owner (STARTTLS). This wire is dead afterwards. */
  detach(): Socket {
    this.#stream.off('data', this.#onData);
    this.#stream.off('end', this.#onEnd);
    this.#stream.off('close', this.#onEnd);
    this.#loss ??= { how: 'ours', why: 'handed over to TLS' };
    return this.#stream;
  }

  readonly #onData = (chunk: Uint8Array): void => {
    for (const reply of this.#parser.push(chunk)) this.#replies.push(reply);
    if (this.#parser.violation !== null) this.#lose({ how: 'garbled', why: this.#parser.violation });
    else if (this.#replies.length > unreadMax) this.#lose({ how: 'garbled', why: 'more replies than commands' });
    this.#wake?.();
  };

  readonly #onEnd = (): void => this.#lose({ how: 'closed', why: 'the server closed the connection' });

  readonly #onError = (error: NodeJS.ErrnoException): void =>
    this.#lose({ how: 'reset', why: `connection error ${error.code ?? error.name}` });

  readonly #onWritten = (): void => this.#wake?.();

  #lose(loss: Loss): void {
    if (this.#loss !== null) return;
    this.#loss = loss;
    if (loss.how === 'closed' || loss.how === 'reset') this.#stream.destroy();
    else {
      this.#tcp.resetAndDestroy();
      this.#stream.destroy();
    }
    this.#wake?.();
  }

  /** Whether `isDone` came true before a loss and within the limit. */
  #until(isDone: () => boolean, limitMs: number): Promise<boolean> {
    if (isDone() || this.#loss !== null) return Promise.resolve(isDone());
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.#wake = null;
        resolve(isDone());
      };
      const timer = setTimeout(finish, limitMs);
      this.#wake = () => {
        if (isDone() || this.#loss !== null) finish();
      };
    });
  }
}

/** We never have more than four commands under way. */
const unreadMax = 8;
