import type { CopiedPeople } from '../../adapters/postgres/drill-database.ts';
import type { Caller } from '../../app/operator/authenticate-token.ts';
import type { DrillProgress, DrillReport } from '../../domain/drill/drill-report.ts';
import type { FailureCode } from '../../domain/shared/failure.ts';

/** What the server tells the process of a drill, once. */
export interface DrillOrder {
  /** Everybody who may act in earnest, so that they take part with their own keys and passkeys. */
  readonly people: CopiedPeople;
  /** Made-up people whom the evidence names. */
  readonly named: number;
}

/** A token or a session that somebody sent to a drill: only the real server knows whose it is, and whether it is good now. */
export interface AskedCaller {
  readonly by: 'token' | 'session';
  readonly secret: string;
  readonly isHalt: boolean;
  /** Whether a person is at work, and no page that looks by itself. */
  readonly isAct: boolean;
}

/** What the process of a drill tells the server. */
export type DrillWord =
  /** Its API answers there, on this machine. */
  | { readonly kind: 'listening'; readonly url: string }
  | { readonly kind: 'progress'; readonly progress: DrillProgress }
  | { readonly kind: 'ended'; readonly report: DrillReport }
  | { readonly kind: 'who'; readonly no: number; readonly asked: AskedCaller };

/** What the server tells it: the order first, and then an answer to each question. */
export type DrillAnswer =
  | { readonly kind: 'order'; readonly order: DrillOrder }
  | { readonly kind: 'caller'; readonly no: number; readonly caller: Caller }
  | { readonly kind: 'refused'; readonly no: number; readonly code: FailureCode; readonly message: string };
