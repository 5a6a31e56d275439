import { Failure } from '../domain/shared/failure.ts';
import type { CliWorld } from './session.ts';

/** What a person can type; a pasted book is not a passphrase. */
const maxLength = 1_000;

const enter = ['\r', '\n'];
const interrupt = '\u0003';
const endOfText = '\u0004';
const backspaces = ['\u007f', '\b'];

/** Asks without showing what is typed. Without a terminal nothing is asked: `Failure('key-missing')`. */
export async function readPassphrase({ stdin, stderr }: CliWorld, question: string): Promise<string> {
  if (stdin.isTTY !== true || stdin.setRawMode === undefined) {
    throw new Failure(
      'key-missing',
      'The key file is encrypted and there is no terminal to ask on. Set ALLCLEAR_KEY_PASSPHRASE_FILE.',
    );
  }
  stderr.write(question);
  stdin.setRawMode(true);
  stdin.resume?.();
  let typed = '';
  try {
    for await (const chunk of stdin) {
      for (const character of typeof chunk === 'string' ? chunk : new TextDecoder().decode(chunk)) {
        if (enter.includes(character)) return typed;
        if (character === interrupt || character === endOfText) throw new Failure('usage', 'No passphrase was given.');
        if (backspaces.includes(character)) typed = [...typed].slice(0, -1).join('');
        else if (typed.length < maxLength) typed += character;
      }
    }
    return typed;
  } finally {
    stdin.setRawMode(false);
    stdin.pause?.();
    stderr.write('\n');
  }
}
