/** Time comes in as a value. `now` is for people and records; `monotonicMs` is for expiry (I23: it never jumps). */
export interface Clock {
  now(): Date;
  /** Milliseconds since an arbitrary start, never set back, counting only this host's running time. */
  monotonicMs(): number;
}
