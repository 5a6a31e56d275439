import { describe, expect, test } from 'vitest';
import { namesMailbox } from '../../src/domain/evidence/names-mailbox.ts';

describe('a line of a list names the mailbox of its address', () => {
  test.each([
    ['https://mail.example.org/login:', 'ann@example.org'],
    ['EXAMPLE.org', 'ann@Example.ORG'],
    ['https://accounts.google.com/v3/signin/identifier;', 'ann@gmail.com'],
    ['android://d1gest==@com.google.android.gm/', 'ann@googlemail.com'],
    ['login.live.com', 'ann@hotmail.com'],
    ['Mail , https://webmail.example.org , ', 'ann@example.org'],
  ])('%s of %s', (place, address) => {
    expect(namesMailbox(place, address)).toBe(true);
  });
});

describe('a line names another place', () => {
  test.each([
    ['', 'ann@gmail.com'],
    ['https://shop.example/login', 'ann@example.org'],
    ['https://notexample.org/', 'ann@example.org'],
    ['https://example.org.evil.example/', 'ann@example.org'],
    ['https://accounts.google.com/', 'ann@example.org'],
    ['ann', 'ann@'],
  ])('%s of %s', (place, address) => {
    expect(namesMailbox(place, address)).toBe(false);
  });
});
