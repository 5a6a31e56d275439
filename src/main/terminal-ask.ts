import { confirm, isCancel, log, password, select, text } from '@clack/prompts';
import type { Option } from '@clack/prompts';
import type { Ask } from '../cli/ask.ts';
import { cleanText } from '../cli/clean-text.ts';
import { Failure } from '../domain/shared/failure.ts';

/** Questions on stderr, so that stdout stays the answer. Null where nobody could answer. */
export function terminalAsk(): Ask | null {
  const { stdin: input, stderr: output } = process;
  if (!input.isTTY || !output.isTTY) return null;
  const streams = { input, output };
  return {
    async text({ message, initial, example, check }) {
      return given(
        await text({
          ...streams,
          message: cleanText(message),
          ...(initial === undefined ? {} : { initialValue: cleanText(initial) }),
          ...(example === undefined ? {} : { placeholder: example }),
          validate: (value) => check?.(value ?? '') ?? undefined,
        }),
      );
    },
    async choose(message, choices, initial) {
      const options = choices.map(({ value, label, hint }) => ({
        value,
        label: cleanText(label),
        ...(hint === undefined ? {} : { hint: cleanText(hint) }),
      }));
      return given(
        await select({
          ...streams,
          message: cleanText(message),
          // The library's type for options is a conditional one, which a type parameter leaves open.
          options: options as unknown as Option<(typeof choices)[number]['value']>[],
          ...(initial === undefined ? {} : { initialValue: initial }),
        }),
      );
    },
    confirm: async (message, initial) =>
      given(await confirm({ ...streams, message: cleanText(message), initialValue: initial })),
    secret: async (message) => given(await password({ ...streams, message: cleanText(message) })) ?? '',
    say: (line) => log.message(line.split('\n').map(cleanText).join('\n'), { output }),
  };
}

function given<T>(answer: T): Exclude<T, symbol> {
  if (isCancel(answer)) throw new Failure('usage', 'You broke off. Nothing more was done.');
  return answer as Exclude<T, symbol>;
}
