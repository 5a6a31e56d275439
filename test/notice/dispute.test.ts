import { expect, test } from 'vitest';
import { classifyPress } from '../../src/domain/notice/dispute.ts';

const deliveredAt = new Date('2026-11-23T10:00:00Z');
const after = (ms: number): Date => new Date(deliveredAt.getTime() + ms);

test('a mail scanner that opens every link counts as no dispute', () => {
  expect(classifyPress({ pressedAt: after(4_999), deliveredAt, recipient: 'holder' })).toBe('scanner');
  expect(classifyPress({ pressedAt: after(0), deliveredAt, recipient: 'canary' })).toBe('scanner');
});

test('a quick reader is not taken for a scanner', () => {
  expect(classifyPress({ pressedAt: after(5_000), deliveredAt, recipient: 'holder' })).toBe('holder');
});

test('a press counts even when clocks disagree or the delivery time is unknown', () => {
  expect(classifyPress({ pressedAt: after(-1), deliveredAt, recipient: 'holder' })).toBe('holder');
  expect(classifyPress({ pressedAt: after(1), deliveredAt: null, recipient: 'staff' })).toBe('staff');
});
