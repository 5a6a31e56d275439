import type { Caller } from '../app/operator/authenticate-token.ts';
import type { Operator } from '../domain/approval/operator.ts';

/** What the middleware leaves for the routes. `operator` and `caller` are set where a person calls, and nowhere else. */
export interface ApiEnv {
  Variables: {
    readonly operator: Operator;
    readonly caller: Caller;
    readonly requestId: string;
    /** A key of `makeClientAddress`: whom limits count. */
    readonly clientAddress: string;
  };
}

/** The log as this layer uses it; a pino logger is one. Fields never hold a body, a token or an address. */
export interface HttpLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
