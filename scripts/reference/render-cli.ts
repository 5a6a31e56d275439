import type { Command, Option } from 'commander';
import { makeProgram } from '../../src/cli/run-cli.ts';
import type { CliWorld } from '../../src/cli/session.ts';
import { markdownTable, page } from './markdown.ts';

/** Options that every verb has are told once. */
const common: readonly string[] = ['--as', '--url', '--json', '--ndjson', '--quiet', '--help'];

export function render(): string {
  // Describing a command line runs none of it.
  const world = {
    version: '',
    stdout: { isTTY: false, write: () => true },
    stderr: { isTTY: false, write: () => true },
  };
  const program = makeProgram({ world: world as unknown as CliWorld, exit: () => undefined });
  const verbs = verbsOf(program);
  const [first] = verbs;
  const shared = first === undefined ? [] : first.options.filter((option) => isCommon(option));
  return page('Command line', 'the verbs of `src/cli`', [
    'Run as `npx allclear VERB` in the folder, or `allclear VERB` where it is installed. Data goes to stdout, talk to stderr.',
    'What acts shows what it would do, and does it only with `--yes --total N`; halt is exempt. Exit codes: 0 ok, 1 failed,',
    '2 usage, 3 refused or needs approval, 4 halted, 5 partly done, 69 unavailable, 75 try again ([which when](errors.md)).',
    '',
    'Every verb has:',
    '',
    ...optionTable(shared),
    ...verbs.flatMap(describe),
  ]);
}

/** A word with verbs of its own is no verb, unless it acts alone too (`retract`). */
function verbsOf(command: Command): readonly Command[] {
  return command.commands.flatMap((one) => [...(one.options.length > 0 ? [one] : []), ...verbsOf(one)]);
}

function describe(command: Command): readonly string[] {
  const own = command.options.filter((option) => !isCommon(option));
  return [
    '',
    `## ${pathOf(command)}`,
    '',
    `\`allclear ${[pathOf(command), ...command.registeredArguments.map(argumentInWords)].join(' ')}\``,
    '',
    `${sentence(command.description())}`,
    ...(own.length === 0 ? [] : ['', ...optionTable(own)]),
  ];
}

function pathOf(command: Command): string {
  return command.parent === null || command.parent.parent === null
    ? command.name()
    : `${pathOf(command.parent)} ${command.name()}`;
}

function argumentInWords(argument: Command['registeredArguments'][number]): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

function isCommon(option: Option): boolean {
  return option.long !== undefined && option.long !== null && common.includes(option.long);
}

function optionTable(options: readonly Option[]): string[] {
  return markdownTable(
    ['Option', 'Meaning'],
    options.map((option) => [`\`${option.flags}\``, option.description]),
  );
}

function sentence(text: string): string {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return whole.endsWith('.') ? whole : `${whole}.`;
}
