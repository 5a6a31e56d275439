import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { failureTable } from '../../src/contract/failure-table.ts';
import { Failure } from '../../src/domain/shared/failure.ts';
import { problemOf } from '../../src/http/problem-of.ts';
import { checkServer } from '../../src/main/doctor/check-server.ts';

async function answered(status: number, body: string): Promise<Awaited<ReturnType<typeof checkServer>>> {
  const server = createServer((_, answer) => answer.writeHead(status).end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await checkServer(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test('a server on an older database is not said to have lost its connection', async () => {
  const body = JSON.stringify(problemOf(new Failure('database-behind', 'Restored.'), 'an-id'));
  const found = await answered(503, body);
  expect(found.verdict).toBe('fail');
  expect(found.seen).toContain(failureTable['database-behind'].title);
});

test('another program on the port is not taken for a server of ours that has a problem', async () => {
  expect((await answered(502, '<html>Bad Gateway</html>')).seen).toContain('does not say why');
  expect((await answered(200, '{"status":"ready"}')).verdict).toBe('ok');
});
