import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openWorld } from '../../examples/scenarios/world.ts';
import type { World } from '../../examples/scenarios/world.ts';
import { makeSigningKey } from '../../src/adapters/crypto/signing-key.ts';

let world: World;
const waiting = { timeout: 30_000, interval: 100 };

beforeAll(async () => {
  world = await openWorld({ size: 200, hasWorker: false, settings: { ALLCLEAR_OPERATOR_MAIL: 'on' } });
}, 60_000);
afterAll(() => world.close(), 60_000);

test('a server tells everybody who decides of a proposed operator, by the configured mailer and without being asked', async () => {
  const client = new pg.Client({ connectionString: world.installation.databaseUrl });
  await client.connect();
  try {
    await vi.waitFor(async () => {
      const { rowCount } = await client.query('SELECT FROM allclear.bulletin_place');
      expect(rowCount).toBe(1);
    }, waiting);
  } finally {
    await client.end();
  }
  const { operator } = await world.services.proposeOperator({
    name: 'eve',
    email: 'eve@chirp.example',
    publicKey: makeSigningKey().publicKey,
    role: 'approver',
    by: world.crew.author.id,
  });
  const about = () =>
    world.mailbox
      .all()
      .filter((mail) => mail.raw.toString('latin1').includes(`operator.proposed ${operator.operatorId}`));
  await vi.waitFor(() => expect(about()).toHaveLength(3), waiting);
  expect(
    about()
      .flatMap((mail) => mail.to)
      .toSorted(),
  ).toEqual(['ann@chirp.example', 'ben@chirp.example', 'cho@chirp.example']);
  expect(world.mailbox.all().every((mail) => mail.raw.includes('Auto-Submitted: auto-generated'))).toBe(true);
});
