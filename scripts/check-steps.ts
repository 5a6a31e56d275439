/** What `npm run check` runs, in this order. Each command is a tool of node_modules/.bin or a script of ours. */
export interface CheckStep {
  readonly name: string;
  /** Completes "so that ...": what is lost when the step is not there. */
  readonly promise: string;
  readonly command: string;
  readonly args: readonly string[];
}

export const checkSteps: readonly CheckStep[] = [
  {
    name: 'layers',
    promise: 'no layer imports what it must not know, and every type holds',
    command: 'tsc',
    args: ['-b'],
  },
  {
    name: 'lint',
    promise: 'no promise floats, no switch forgets a case, and the domain stays pure and in order',
    command: 'oxlint',
    args: [],
  },
  {
    name: 'dead code',
    promise: 'nothing lies around that nobody uses',
    command: 'knip',
    args: ['--no-progress', '--no-config-hints'],
  },
  {
    name: 'dead code in production',
    promise: 'no guardrail exists that only its tests call',
    command: 'knip',
    args: ['--no-progress', '--no-config-hints', '--production'],
  },
  {
    name: 'format',
    promise: 'a diff shows what changed and nothing else',
    command: 'oxfmt',
    args: ['--check'],
  },
  {
    name: 'references',
    promise: 'docs/reference says what the code says',
    command: 'node',
    args: ['scripts/generate-reference.ts', '--check'],
  },
];
