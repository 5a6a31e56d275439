import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { makeSigningKey, signatures } from '../../src/adapters/crypto/signing-key.ts';
import type { Assertion, PasskeyKey } from '../../src/domain/approval/passkey.ts';
import { rememberVerified } from '../../src/adapters/crypto/verified-signatures.ts';

const key = makeSigningKey();
const other = makeSigningKey();
const text = 'yes to plan_1';
const signature = key.sign(text);

test('a signature that was verified once lends its yes to no other text, key or signature', () => {
  const remembered = rememberVerified(signatures);
  for (let again = 0; again < 3; again += 1) {
    expect(remembered.verify(key.publicKey, text, signature)).toBe(true);
    expect(remembered.verify(key.publicKey, `${text} `, signature)).toBe(false);
    expect(remembered.verify(other.publicKey, text, signature)).toBe(false);
    expect(remembered.verify(key.publicKey, text, other.sign(text))).toBe(false);
    // The same characters, cut in another place.
    expect(remembered.verify(key.publicKey, text.slice(1), `${signature} ${text.slice(0, 1)}`)).toBe(false);
    expect(remembered.verify(`${key.publicKey} ${signature}`, text, '')).toBe(false);
  }
});

test('each yes is worked out once, each no every time, and however many there are, memory stays bounded', () => {
  let asked = 0;
  const remembered = rememberVerified({
    verify(_, statement) {
      asked += 1;
      return statement !== 'no';
    },
    verifyAssertion(_, statement) {
      asked += 1;
      return statement !== 'no';
    },
  });
  for (let again = 0; again < 3; again += 1) remembered.verify('key', 'yes', 'signature');
  expect(asked).toBe(1);
  for (let again = 0; again < 3; again += 1) expect(remembered.verify('key', 'no', 'signature')).toBe(false);
  expect(asked).toBe(4);
  for (let other = 0; other < 1_000; other += 1) remembered.verify('key', `yes ${other}`, 'signature');
  expect(remembered.verify('key', 'yes', 'signature')).toBe(true);
  expect(asked).toBe(1_005);
});

test("a passkey's assertion is remembered with its key, its text and each of its parts", () => {
  const passkey: PasskeyKey = {
    passkeyId: 'passkey_1',
    operatorId: 'operator_1',
    credentialId: 'credential',
    publicKey: 'key',
    rpId: 'localhost',
    revokedAt: null,
  };
  const assertion: Assertion = {
    credentialId: 'credential',
    clientDataJson: 'data',
    authenticatorData: 'flags',
    signature: 'genuine',
  };
  let asked = 0;
  const remembered = rememberVerified({
    verify: () => true,
    verifyAssertion(key, statement, given) {
      asked += 1;
      return statement === 'yes' && isDeepStrictEqual([key, given], [passkey, assertion]);
    },
  });
  for (let again = 0; again < 3; again += 1) expect(remembered.verifyAssertion(passkey, 'yes', assertion)).toBe(true);
  expect(asked).toBe(1);
  expect(remembered.verifyAssertion(passkey, 'no', assertion)).toBe(false);
  expect(remembered.verifyAssertion({ ...passkey, publicKey: 'other' }, 'yes', assertion)).toBe(false);
  expect(remembered.verifyAssertion({ ...passkey, revokedAt: new Date(0) }, 'yes', assertion)).toBe(false);
  for (const part of ['credentialId', 'clientDataJson', 'authenticatorData', 'signature'] as const)
    expect(remembered.verifyAssertion(passkey, 'yes', { ...assertion, [part]: 'other' })).toBe(false);
});
