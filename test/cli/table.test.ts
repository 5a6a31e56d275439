import { describe, expect, it } from 'vitest';
import { cleanText } from '../../src/cli/clean-text.ts';
import { displayWidth } from '../../src/cli/display-width.ts';
import { readLineNumbers } from '../../src/cli/number-list.ts';
import { table } from '../../src/cli/table.ts';

describe('a table', () => {
  it('stands straight also with names in wide characters', () => {
    const lines = table(
      ['name', 'people'],
      [
        ['山田太郎', 7],
        ['José', 12_345],
        ['👩‍🚒', 1],
      ],
    );
    expect(new Set(lines.map(displayWidth)).size).toBe(1);
  });

  it('says nothing where there is nothing', () => {
    expect(table(['name'], [])).toEqual([]);
  });
});

it('every control and every mark that turns text around is shown as its code', () => {
  expect(cleanText('a\u001b[31mb\u0085c\u2067d\u007f')).toBe('a\\x1b[31mb\\x85c\\u2067d\\x7f');
  expect(cleanText('Zoë 山田 👩‍🚒')).toBe('Zoë 山田 👩‍🚒');
});

describe('line numbers', () => {
  it('a range is taken whole and no slip becomes another line', () => {
    expect(readLineNumbers(['3', '17-20'])).toEqual([3, 17, 18, 19, 20]);
    for (const slip of ['0', '-3', '20-17', '1-', '3x', '1e3', '1-999999999']) {
      expect(() => readLineNumbers([slip]), slip).toThrow();
    }
  });
});
