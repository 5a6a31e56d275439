import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tokenOf } from '../../examples/scenarios/people.ts';
import type { SigningPerson } from '../../examples/scenarios/people.ts';
import { openWorld } from '../../examples/scenarios/world.ts';
import type { World } from '../../examples/scenarios/world.ts';
import { digests } from '../../src/adapters/crypto/digests.ts';
import type { DrillAnswer } from '../../src/contract/drill.ts';

/** Few, so that it is over in seconds; the fewest that a drill takes. */
const people = 60;
const startTimeoutMs = 60_000;
const drillTimeoutMs = 120_000;

let world: World;
const tokens = new Map<string, string>();

beforeAll(async () => {
  world = await openWorld({ size: 200, hasWorker: false, settings: { ALLCLEAR_DRILL_PEOPLE: String(people) } });
  for (const person of [world.crew.author, ...world.crew.approvers])
    tokens.set(person.id, await tokenOf(world.services, person));
}, startTimeoutMs);

afterAll(() => world.close(), startTimeoutMs);

async function ask<T>(who: SigningPerson, path: string, body?: unknown): Promise<{ status: number; answer: T }> {
  const response = await fetch(`${world.serverUrl}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${tokens.get(who.id)}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, answer: (await response.json()) as T };
}

async function untilStage(stage: string): Promise<DrillAnswer> {
  for (;;) {
    const { answer } = await ask<DrillAnswer>(world.crew.author, '/api/v1/drills/newest');
    if (answer.state !== 'running' || answer.progress?.stage === stage) return answer;
    await delay(100);
  }
}

async function approve(person: SigningPerson, { progress }: DrillAnswer): Promise<number> {
  const retraction = progress?.retraction;
  const { answer: facts } = await ask<{ deployment: string; directory: string }>(person, '/drill/api/v1/deployment');
  const statement = digests.canonical({
    deployment: facts.deployment,
    directory: facts.directory,
    digest: retraction?.digest,
    total: retraction?.affected,
    decision: 'approve',
    nonce: randomBytes(16).toString('hex'),
    expiry: new Date(Date.now() + 3_600_000).toISOString(),
  });
  const path = `/drill/api/v1/retractions/${retraction?.id}`;
  const body = { statement, signature: person.key.sign(statement) };
  const { status } = await ask(person, `${path}/approvals`, body);
  await ask(person, `${path}/rollout`, {});
  return status;
}

describe('a drill', () => {
  test(
    'that is halted by one and approved by two puts everybody right, and passes',
    async () => {
      const { author, approvers } = world.crew;
      const begun = await ask<DrillAnswer>(author, '/api/v1/drills', {});
      expect(begun.status).toBe(200);
      const telling = await untilStage('telling');
      const halted = await ask(approvers[0], '/drill/api/v1/halts', {
        subject: telling.progress?.plan,
        scope: 'all',
        reason: 'a drill',
      });
      expect(halted.status).toBe(200);
      const waiting = await untilStage('approving');
      for (const person of approvers) expect(await approve(person, waiting)).toBe(200);
      const over = await untilStage('over');
      console.log(JSON.stringify(over, null, 1));
      expect(over.report?.reasons).toEqual([]);
    },
    drillTimeoutMs,
  );
});
