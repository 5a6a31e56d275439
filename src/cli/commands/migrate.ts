import type { Command } from 'commander';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

export function addMigrate(parent: Command, verbs: Verbs): void {
  addVerb<{ readonly halt?: boolean }>(parent, verbs, {
    usage: 'migrate',
    summary:
      "applies this version's migrations, on the server's own machine, while everything is halted and no worker runs; the server does so too when it starts",
    example: 'allclear migrate --halt',
    options: [['--halt', 'halts everything first']],
    async run({ out, world }, _args, flags) {
      const applied = await world.local.migrate({ halt: flags.halt === true });
      out.data({ applied }, () =>
        applied.length === 0 ? ['Nothing to migrate.'] : applied.map((name) => `migrated: ${name}`),
      );
    },
  });
}
