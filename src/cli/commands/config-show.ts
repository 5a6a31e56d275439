import type { Command } from 'commander';
import { Failure } from '../../domain/shared/failure.ts';
import { cleanText } from '../clean-text.ts';
import type { ShownSetting } from '../local-verbs.ts';
import { table } from '../table.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

export function addConfigShow(parent: Command, verbs: Verbs): void {
  addVerb<{ readonly url?: string }>(parent, verbs, {
    usage: 'show [field]',
    summary: 'every setting of this machine with where its value came from; one field with all that is known of it',
    example: 'allclear config show limits.keepDays',
    async run({ out, world }, args, flags) {
      const settings = world.local.showConfig(flags.url === undefined ? {} : { url: flags.url });
      const [name] = args;
      if (name === undefined) {
        out.data({ settings }, () => overview(settings));
        return;
      }
      const found = settings.filter((one) => one.name === name || one.env === name);
      if (found.length === 0)
        throw new Failure('usage', `There is no setting "${name}". All of them: allclear config show`, { name });
      out.data({ settings: found }, () => found.flatMap(whole));
    },
  });
}

function overview(settings: readonly ShownSetting[]): readonly string[] {
  return [
    ...table(
      ['setting', 'value', 'unit', 'from'],
      settings.map((one) => [one.name, valueText(one), one.unit ?? '', fromText(one)]),
    ),
    'What each one means and what happens when it is wrong: allclear config show SETTING',
  ];
}

function whole(one: ShownSetting): readonly string[] {
  return [
    `${one.name}: ${valueText(one)}${one.unit === null ? '' : ` ${one.unit}`}`,
    `  ${one.meaning}`,
    `  When wrong: ${one.whenWrong}`,
    `  From:       ${fromText(one)}`,
    `  Set it by:  ${one.env}${one.isSecret ? `, ${one.env}_FILE` : ''}, or "${one.name}" in the file of ALLCLEAR_CONFIG`,
  ];
}

function valueText({ value }: ShownSetting): string {
  if (value === null) return '-';
  return cleanText(typeof value === 'object' ? value.join(', ') : String(value));
}

function fromText({ from, origin }: ShownSetting): string {
  return from === 'default' ? 'default' : `${from} ${origin}`;
}
