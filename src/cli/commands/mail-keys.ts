import type { Command } from 'commander';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

export function addMailKeys(parent: Command, verbs: Verbs): void {
  addVerb(parent, verbs, {
    usage: 'keys',
    summary:
      'makes the DKIM keys of this installation where they are missing (never over a file), and prints the DNS records to publish',
    example: 'ALLCLEAR_DKIM_DOMAIN=example.com allclear mail keys',
    async run({ out, world }) {
      const keys = await world.local.makeMailKeys();
      out.data(keys, () => keys.records.map((record) => record.zoneLine));
      out.talk(
        ...keys.made.map((path) => `A key was made: ${path} (0600). Every host that sends needs this file.`),
        `Publish these TXT records for ${keys.domain}. Where a form asks for the value alone, join the strings in quotes:`,
        ...keys.records.flatMap((record) => [`  name  ${record.name}`, `  value ${record.value}`]),
        'Then restart server and workers, and see that receivers find them: allclear doctor',
      );
    },
  });
}
