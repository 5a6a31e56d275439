import { Command } from 'commander';
import { openSession } from './session.ts';
import type { CliWorld, CommonFlags, Session } from './session.ts';

/** What a command line is made of: verbs add themselves and say through `exit` how they ended. */
export interface Verbs {
  readonly world: CliWorld;
  readonly exit: (code: number) => void;
}

interface VerbSpec<Flags> {
  /** With its arguments, as in the help: `approve <plan>`. */
  readonly usage: string;
  readonly summary: string;
  readonly example: string;
  readonly options?: readonly (readonly [flags: string, meaning: string])[];
  /** Resolves to an exit code; nothing is 0. */
  run(session: Session, args: readonly string[], flags: Flags): Promise<number | void>;
}

/** Adds one verb with the options that every verb has, and its example in the help. */
export function addVerb<Flags extends object>(parent: Command, verbs: Verbs, spec: VerbSpec<Flags>): Command {
  const command = parent.command(spec.usage).description(spec.summary);
  for (const [flags, meaning] of spec.options ?? []) command.option(flags, meaning);
  command
    .option('--as <name>', 'who you are: the token of <home>/operators/<name>.token')
    .option('--url <url>', 'the server (ALLCLEAR_URL)')
    .option('--drill', 'in the drill that runs now, on its made-up people; never the real thing')
    .option('--json', 'one JSON document on stdout')
    .option('--ndjson', 'one JSON line per item on stdout')
    .option('-q, --quiet', 'no words beside the data')
    .addHelpText('after', `\nExample:\n  ${spec.example}`)
    .action(async (...given: unknown[]) => {
      // Commander passes the arguments, then the options, then the command itself.
      const args = given.slice(0, -2).filter((one): one is string => typeof one === 'string');
      const flags = given.at(-2) as Flags & CommonFlags;
      const code = await spec.run(openSession(verbs.world, flags), args, flags);
      verbs.exit(code ?? 0);
    });
  return command;
}

/** A word that has verbs of its own (`plan approve`); alone it shows its help. */
export function addWord(parent: Command, word: string, summary: string): Command {
  return parent.command(word).description(summary);
}
