import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { makeRequestNote } from '../../src/http/note-request.ts';
import type { SeenRequest } from '../../src/http/note-request.ts';
import { rememberingLog } from './fake-services.ts';

const page = { method: 'GET', route: '/notices/:number', status: 200 };
const halt = { method: 'POST', route: '/api/v1/halts', status: 200 };

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

function noting() {
  const log = rememberingLog();
  const counted: SeenRequest[] = [];
  const note = makeRequestNote(log, (request) => void counted.push(request));
  const lines = (message: string) => log.lines.filter((line) => line.message === message).map(({ fields }) => fields);
  return { note, counted, lines };
}

test('a storm of one page neither fills the log nor hides a halt, and the log says how many it left out', () => {
  const { note, counted, lines } = noting();
  for (let at = 0; at < 5_000; at += 1) {
    const startedMs = performance.now();
    if (at === 4_321) vi.advanceTimersByTime(77);
    note(`page ${at}`, startedMs, page);
  }
  note('a halt', performance.now(), halt);
  expect(lines('request')).toHaveLength(21);
  expect(lines('request').at(-1)).toMatchObject({ requestId: 'a halt', ...halt });
  expect(counted).toHaveLength(5_001);
  vi.advanceTimersByTime(1_000);
  expect(lines('more such requests in one second')).toEqual([{ ...page, requests: 4_980, slowestMs: 77 }]);
});

test('after a storm each request has its line again, and answers of another kind had theirs all the time', () => {
  const { note, lines } = noting();
  for (let at = 0; at < 30; at += 1) note('of the storm', performance.now(), page);
  note('refused', performance.now(), { ...page, status: 429 });
  vi.advanceTimersByTime(1_000);
  note('later', performance.now(), page);
  vi.advanceTimersByTime(1_000);
  const ids = lines('request').map((fields) => (fields as { requestId: string }).requestId);
  expect(ids.filter((id) => id !== 'of the storm')).toEqual(['refused', 'later']);
  expect(lines('more such requests in one second')).toHaveLength(1);
});
