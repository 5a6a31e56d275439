import type { SendOutcome } from '../../../app/ports/holder-transport.ts';
import type { WireContent } from '../wire-content.ts';
import { deliver, type DotAsks } from './deliver.ts';
import type { Envelope } from './open-envelope.ts';
import { openSession, type Session, type SessionSettings } from './open-session.ts';
import { released } from './outcomes.ts';

export interface PoolSettings extends SessionSettings {
  /** Connections at once. */
  readonly connections: number;
  /** After this many messages a connection is closed: servers set limits of their own, and a fresh one finds a new peer. */
  readonly messagesPerConnection: number;
}

/** Messages that may wait for a connection. Permits hold 100 at most, so only a caller that never waits meets it. */
const waitingMax = 10_000;

interface IdleSession {
  readonly session: Session;
  readonly timer: NodeJS.Timeout;
}

/** Sends messages over a bounded number of connections, which are opened when needed and kept while they are of use. */
export class SessionPool {
  readonly #settings: PoolSettings;
  readonly #idle: IdleSession[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #farewells = new Set<Promise<void>>();
  #busy = 0;
  #isClosing = false;
  #whenQuiet: (() => void) | null = null;

  constructor(settings: PoolSettings) {
    this.#settings = settings;
  }

  async send(envelope: Envelope, content: WireContent, asks: DotAsks): Promise<SendOutcome> {
    if (this.#isClosing) return released('connecting', 'closing', 'the transport is closing');
    if (this.#busy >= this.#settings.connections) {
      if (this.#waiting.length >= waitingMax) return released('connecting', 'busy', 'too many messages are waiting');
      // Whoever wakes us hands its place over: #busy stays as it is.
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#busy += 1;
    }
    try {
      return await this.#sendNow(envelope, content, asks);
    } finally {
      this.#leave();
    }
  }

  /** Takes no more messages, releases those that wait, lets those under way end within their time limits, says QUIT. */
  async close(): Promise<void> {
    this.#isClosing = true;
    if (this.#busy > 0) {
      await new Promise<void>((resolve) => {
        const earlier = this.#whenQuiet;
        this.#whenQuiet = () => {
          earlier?.();
          resolve();
        };
      });
    }
    for (const { session, timer } of this.#idle.splice(0)) {
      clearTimeout(timer);
      this.#sayFarewell(session);
    }
    await Promise.all(this.#farewells);
  }

  async #sendNow(envelope: Envelope, content: WireContent, asks: DotAsks): Promise<SendOutcome> {
    const kept = this.#takeIdle();
    if (kept !== null) {
      const outcome = await this.#sendOn(kept, envelope, content, asks);
      if (outcome !== null) return outcome;
    }
    if (this.#isClosing) return released('connecting', 'closing', 'the transport is closing');
    const opening = await openSession(this.#settings);
    if (opening.kind === 'failed') return opening.outcome;
    const outcome = await this.#sendOn(opening.session, envelope, content, asks);
    return outcome ?? released('greeted', 'unreachable', 'the connection was lost as soon as it was open');
  }

  /** Null when the connection turned out to be dead before anything was sent on it. */
  async #sendOn(
    session: Session,
    envelope: Envelope,
    content: WireContent,
    asks: DotAsks,
  ): Promise<SendOutcome | null> {
    const delivery = await deliver(session, envelope, content, asks, this.#settings.limits);
    this.#keepOrClose(session);
    return delivery.kind === 'done' ? delivery.outcome : null;
  }

  #takeIdle(): Session | null {
    const idle = this.#idle.pop();
    if (idle === undefined) return null;
    clearTimeout(idle.timer);
    return idle.session;
  }

  #keepOrClose(session: Session): void {
    if (session.wire.loss !== null) return;
    const { messagesPerConnection, limits } = this.#settings;
    const isUsedUp = session.begun >= messagesPerConnection || performance.now() - session.openedAtMs >= limits.ageMs;
    if (this.#isClosing || isUsedUp) return this.#sayFarewell(session);
    const timer = setTimeout(() => {
      const at = this.#idle.findIndex((idle) => idle.session === session);
      if (at === -1) return;
      this.#idle.splice(at, 1);
      this.#sayFarewell(session);
    }, this.#settings.limits.idleMs);
    this.#idle.push({ session, timer });
  }

  #sayFarewell(session: Session): void {
    const farewell = session.wire.quit(this.#settings.limits.quitMs).then(() => {
      this.#farewells.delete(farewell);
    });
    this.#farewells.add(farewell);
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next !== undefined) return next();
    this.#busy -= 1;
    if (this.#busy === 0) this.#whenQuiet?.();
  }
}
