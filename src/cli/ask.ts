/** One question to a person. The answer is checked before it is taken: `check` says what is wrong with it, or null. */
export interface Question {
  readonly message: string;
  /** Stands there already; Enter takes it. */
  readonly initial?: string;
  readonly example?: string;
  readonly check?: (answer: string) => string | null;
}

export interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly hint?: string;
}

/**
 * Asks a person at a terminal. Whoever breaks off (Ctrl-C) gets `Failure('usage')`: what was answered is not used.
 * There is none where stdin or stderr is no terminal; then nothing is ever asked.
 */
export interface Ask {
  text(question: Question): Promise<string>;
  choose<Value extends string>(message: string, choices: readonly Choice<Value>[], initial?: Value): Promise<Value>;
  confirm(message: string, initial: boolean): Promise<boolean>;
  /** What is typed is not shown. */
  secret(message: string): Promise<string>;
  /** A line between questions. */
  say(text: string): void;
}
