import type { Command } from 'commander';
import { feedbackRoutes } from '../../contract/feedback.ts';
import { pairs } from '../table.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

export function addFeedbackShow(parent: Command, verbs: Verbs): void {
  addVerb(parent, verbs, {
    usage: 'show',
    summary: 'what takes bounces and complaints here, whether it hears, and the address for feedback loops',
    example: 'allclear feedback show --as ada',
    async run({ api, out }) {
      const facts = await api.call(feedbackRoutes.show, {});
      const { channels, lastHeardSeconds } = facts;
      out.data(facts, () => [
        ...pairs([
          ['channels', channels.length === 0 ? 'none' : channels.join(', ')],
          ['return path', facts.returnPathDomain],
          ['for feedback loops', facts.complaintsAddress],
          ['known to hear', lastHeardSeconds === null ? null : `${Math.round(lastHeardSeconds)} s ago`],
        ]),
        ...(channels.length === 0
          ? ['People whose mail comes back count as told. How to set a channel up: docs/recipes/feedback.md']
          : []),
      ]);
    },
  });
}
