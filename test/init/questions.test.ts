import { describe, expect, test } from 'vitest';
import type { Ask } from '../../src/cli/ask.ts';
import { aboutAccounts, aboutMail, aboutTheService, AnswerBook } from '../../src/cli/init-questions.ts';
import type { StoredSetting } from '../../src/cli/init-verbs.ts';

/** A person who gives these answers, Enter for undefined, and keeps what was asked. */
function person(typed: Readonly<Record<string, string>>): Ask & { readonly asked: string[] } {
  const asked: string[] = [];
  const answer = (message: string, initial: string | undefined): string => {
    asked.push(`${message} [${initial ?? ''}]`);
    const known = Object.keys(typed).find((part) => message.includes(part));
    return known === undefined ? (initial ?? '') : (typed[known] ?? '');
  };
  return {
    asked,
    text: async ({ message, initial, check }) => {
      const given = answer(message, initial);
      const wrong = check?.(given) ?? null;
      if (wrong !== null) throw new Error(`${message}: ${wrong}`);
      return given;
    },
    choose: async (message, choices, initial) => answer(message, initial ?? choices[0]?.value) as never,
    confirm: async (message, initial) => {
      asked.push(message);
      return initial;
    },
    secret: async () => '',
    say: () => undefined,
  };
}

const verbs = { whatIsWrong: () => null };

describe('the questions of init', () => {
  test('are asked only where no option answered them', async () => {
    const ask = person({
      'Name of the service': 'Shop',
      'Which accounts': 'staging',
      'reaches a person': 'help@shop.example',
    });
    const book = new AnswerBook({ flags: { publicUrl: 'http://127.0.0.1:8470' }, stored: null, verbs, ask });
    await book.take(aboutTheService);
    expect(ask.asked.join('\n')).not.toContain('public pages');
    expect(book.values()).toEqual({
      serviceName: 'Shop',
      environment: 'staging',
      supportContact: 'help@shop.example',
      publicUrl: 'http://127.0.0.1:8470',
    });
    expect(book.missing).toEqual([]);
  });

  test('show what is there as the answer, and of a secret only where it leads', async () => {
    const stored: Readonly<Record<string, StoredSetting>> = {
      directoryUrl: { value: 'postgres://me:hunter2@db/shop', shown: 'postgres://***@db/shop' },
      mailFrom: { value: 'Shop <s@shop.example>', shown: 'Shop <s@shop.example>' },
    };
    const ask = person({});
    const book = new AnswerBook({ flags: {}, stored, verbs, ask });
    await book.take([aboutAccounts, ...aboutMail]);
    expect(book.values()).toEqual({ directoryUrl: 'postgres://me:hunter2@db/shop', mailFrom: 'Shop <s@shop.example>' });
    expect(book.isNew('directoryUrl')).toBe(false);
    expect(ask.asked.join('\n')).toContain('postgres://***@db/shop');
    expect(ask.asked.join('\n')).not.toContain('hunter2');
  });

  test('take no empty answer for none', async () => {
    const book = new AnswerBook({ flags: {}, stored: null, verbs, ask: person({ 'accounts live': '' }) });
    await expect(book.take([aboutAccounts])).rejects.toThrow('say none for none');
  });
});
