import type { Command } from 'commander';
import { Failure } from '../../domain/shared/failure.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

/** The accidents that tell well; `examples/scenarios` has them. */
const demos = ['twitter-2014', 'twitter-2013-bans', 'twitter-2012', 'hawaii-2018', 'false-disputes', 'wrong-reversal'];

export function addDemo(parent: Command, verbs: Verbs): void {
  addVerb(parent, verbs, {
    usage: 'demo <scenario>',
    summary: `replays an accident against the sample service, tells it, and checks the world; scenarios: ${demos.join(', ')}`,
    example: 'allclear demo twitter-2014',
    async run({ out, world }, args) {
      const scenario = args[0] ?? '';
      if (!demos.includes(scenario))
        throw new Failure('usage', `There is no demo "${scenario}". There are: ${demos.join(', ')}`);
      const told = (line: string): void => {
        if (out.flags.json || out.flags.ndjson) out.talk(line);
        else out.data(line, () => [line]);
      };
      const counts = await world.local.runDemo(scenario, told);
      // The last line is one JSON document in any case: scripts read it without asking for JSON.
      out.line(counts);
      return counts['ok'] === false ? 1 : 0;
    },
  });
}
