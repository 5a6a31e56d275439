import { createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeKeyRing } from '../../src/adapters/seal/key-ring.ts';
import { makeSeal } from '../../src/adapters/seal/seal.ts';
import type { SealBinding } from '../../src/app/ports/seal.ts';
import { accountId } from '../../src/domain/shared/ids.ts';

const ring = makeKeyRing(createHash('sha256').update('one').digest());
const otherRing = makeKeyRing(createHash('sha256').update('two').digest());
const seal = makeSeal(ring);
const broken = { code: 'seal-broken' };
const ada = accountId('ada');

const hash = 'a1b2:c3d4';
const binding: SealBinding = {
  deployment: 'd',
  directory: 'people',
  plan: 'plan_1',
  accountId: ada,
  restorePoint: 'rp_1',
  marker: seal.marker('people', ada, 'rp_1'),
  hashDigest: createHash('sha256').update(hash).digest('hex'),
};

async function sealed() {
  const { wrapped } = await seal.newPlanKey('plan_1');
  return { wrapped, box: await seal.seal('plan_1', wrapped, hash, binding) };
}

describe('a sealed hash', () => {
  it('comes back byte for byte, whatever its characters', async () => {
    const { wrapped } = await seal.newPlanKey('plan_1');
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 300 }), async (text) => {
        const own = { ...binding, hashDigest: createHash('sha256').update(text).digest('hex') };
        const box = await seal.seal('plan_1', wrapped, text, own);
        expect(await seal.open('plan_1', wrapped, box, own)).toBe(text);
      }),
      { seed: 7 },
    );
  });

  it('opens under no other binding: not for another account, plan, directory, marker, restore point or deployment', async () => {
    const { wrapped, box } = await sealed();
    for (const field of Object.keys(binding) as (keyof SealBinding)[]) {
      const other = { ...binding, [field]: `${binding[field]}0` };
      await expect(seal.open('plan_1', wrapped, box, other)).rejects.toMatchObject(broken);
    }
    const swapped = { ...binding, deployment: binding.directory, directory: binding.deployment };
    await expect(seal.open('plan_1', wrapped, box, swapped)).rejects.toMatchObject(broken);
  });

  it('does not open after one bit was changed, or where it was cut', async () => {
    const { wrapped, box } = await sealed();
    for (let at = 0; at < box.sealed.length; at += 1) {
      const changed = Uint8Array.from(box.sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      await expect(seal.open('plan_1', wrapped, { ...box, sealed: changed }, binding)).rejects.toMatchObject(broken);
      await expect(
        seal.open('plan_1', wrapped, { ...box, sealed: box.sealed.subarray(0, at) }, binding),
      ).rejects.toMatchObject(broken);
    }
  });

  it('does not open under another sealing key, another plan key, or one that was destroyed', async () => {
    const { wrapped, box } = await sealed();
    await expect(makeSeal(otherRing).open('plan_1', wrapped, box, binding)).rejects.toMatchObject(broken);
    const { wrapped: another } = await seal.newPlanKey('plan_1');
    await expect(seal.open('plan_1', another, box, binding)).rejects.toMatchObject(broken);
    const { wrapped: ofPlan2 } = await seal.newPlanKey('plan_2');
    await expect(seal.open('plan_1', ofPlan2, box, binding)).rejects.toMatchObject(broken);
    await expect(seal.open('plan_1', new Uint8Array(), box, binding)).rejects.toMatchObject({ code: 'key-missing' });
  });

  it('shows nothing of the hash, and looks different each time', async () => {
    const { wrapped, box } = await sealed();
    expect(Buffer.from(box.sealed).includes(hash)).toBe(false);
    const again = await seal.seal('plan_1', wrapped, hash, binding);
    expect(Buffer.from(again.sealed).equals(Buffer.from(box.sealed))).toBe(false);
  });

  it('is never made of a hash that is not the one it is bound to', async () => {
    const { wrapped } = await seal.newPlanKey('plan_1');
    await expect(seal.seal('plan_1', wrapped, 'another', binding)).rejects.toMatchObject(broken);
    await expect(seal.seal('plan_2', wrapped, hash, binding)).rejects.toMatchObject(broken);
  });

  it('is not named in the refusal: no hash gets into a message', async () => {
    const { wrapped } = await sealed();
    const refusal: unknown = await seal.seal('plan_1', wrapped, 'sEcReT', binding).catch((error: unknown) => error);
    expect(JSON.stringify(refusal) + String(refusal)).not.toContain('sEcReT');
  });
});

describe('a marker', () => {
  it('names its restore point to the key that made it, and to no other account or directory', () => {
    const { marker } = binding;
    expect(marker).toMatch(/^allclear-q1\$rp_1\$[0-9a-f]{32}:-$/);
    expect(seal.readMarker('people', ada, marker)).toBe('rp_1');
    expect(seal.readMarker('people', accountId('ben'), marker)).toBeNull();
    expect(seal.readMarker('others', ada, marker)).toBeNull();
    expect(makeSeal(otherRing).readMarker('people', ada, marker)).toBeNull();
  });

  it('cannot be turned into that of another restore point, and nothing else is taken for one', () => {
    const { marker } = binding;
    const odd = [marker.replace('rp_1', 'rp_2'), `${marker} `, ` ${marker}`, marker.toUpperCase(), `${marker}\n`];
    const cut = [marker.slice(0, -2), '', hash, 'allclear-q1$rp_1$:-', `allclear-q1$rp_1$${'0'.repeat(32)}:-`];
    for (const text of [...odd, ...cut]) expect(seal.readMarker('people', ada, text)).toBeNull();
  });

  it('has two parts around a colon, as better-auth needs to refuse rather than fail, and the second is no hex', () => {
    const [salt, key] = binding.marker.split(':');
    expect(salt).not.toBe('');
    expect(key).toBe('-');
  });
});

describe('sealed bytes', () => {
  it('open for their own purpose only', () => {
    const clear = randomBytes(20);
    const box = seal.sealBytes('lines', clear);
    expect(Buffer.from(seal.openBytes('lines', box)).equals(clear)).toBe(true);
    expect(() => seal.openBytes('other', box)).toThrow(expect.objectContaining(broken));
    expect(() => makeSeal(otherRing).openBytes('lines', box)).toThrow(expect.objectContaining(broken));
  });
});

describe('the key ring', () => {
  it('derives another key for each purpose, and the same one at every start', () => {
    const purposes = ['plan-key', 'marker', 'notice-number', 'return-path', 'plan-order', 'seal-bytes:x'] as const;
    const keys = purposes.map((purpose) => ring.derive(purpose).toString('hex'));
    expect(new Set(keys).size).toBe(purposes.length);
    expect(keys.every((key) => key.length === 64)).toBe(true);
    const again = makeKeyRing(createHash('sha256').update('one').digest());
    expect(purposes.map((purpose) => again.derive(purpose).toString('hex'))).toEqual(keys);
    expect(again.fingerprint).toBe(ring.fingerprint);
    expect(otherRing.fingerprint).not.toBe(ring.fingerprint);
  });
});
