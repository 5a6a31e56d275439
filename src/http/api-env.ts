import type { Caller } from '../app/operator/authenticate-token.ts';
import type { StreamLine } from '../contract/stream-line.ts';
import type { Operator } from '../domain/approval/operator.ts';

/** What the middleware leaves for the routes. `operator` and `caller` are set where a person calls, and nowhere else. */
export interface ApiEnv {
  Variables: {
    readonly operator: Operator;
    readonly caller: Caller;
    /** A key of `makeClientAddress`: whom limits count. */
    readonly clientAddress: string;
    readonly requestId: string;
    /** Of a request with an Idempotency-Key: what a streamed answer ends with is kept by it. Never rejects. */
    readonly keepLastLine?: (line: StreamLine<unknown, unknown>) => Promise<void>;
  };
}

/** The log as this layer uses it; a pino logger is one. Fields never hold a body, a token or an address. */
export interface HttpLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
