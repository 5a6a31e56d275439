import { startAuthentication, startRegistration } from '@simplewebauthn/browser';
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';
import { send } from '../api/call.ts';
import { Refused, unanswered } from '../api/refused.ts';
import type { SessionView } from './session-view.ts';

/** Signs in with a passkey of this device. Throws `Refused`. */
export async function signIn(): Promise<SessionView> {
  const asked = await post<{ challengeId: string; publicKey: PublicKeyCredentialRequestOptionsJSON }>(
    'post /api/v1/sessions/options',
    {},
  );
  const assertion = await touch(() => startAuthentication({ optionsJSON: asked.publicKey }));
  return post('post /api/v1/sessions', { challengeId: asked.challengeId, assertion });
}

export async function signOut(): Promise<void> {
  await send('delete /api/v1/sessions/current', {}, {});
}

/** Makes a passkey on this device for whom the one-time code is about. */
export async function joinByCode(code: string, name: string): Promise<void> {
  const asked = await post<{ publicKey: PublicKeyCredentialCreationOptionsJSON }>('post /api/v1/passkeys/options', {
    code,
  });
  const attestation = await touch(() => startRegistration({ optionsJSON: asked.publicKey }));
  await send('post /api/v1/passkeys', { body: { code, name, attestation } }, {});
}

async function post<Result>(name: string, body: object): Promise<Result> {
  const response = await send(name, { body }, {});
  return (await response.json()) as Result;
}

/** The device asks the person. A person who lets it be has refused nothing: nothing was sent. */
async function touch<Result>(ask: () => Promise<Result>): Promise<Result> {
  try {
    return await ask();
  } catch (error) {
    const why = error instanceof Error ? error.message : '';
    throw new Refused({
      ...unanswered(`Nothing was sent. ${why}`.trim()),
      title: 'The passkey did not answer.',
      code: 'passkey-unanswered',
      next: 'Try again, and touch or unlock the passkey when the browser asks.',
    });
  }
}
