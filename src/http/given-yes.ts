import type { GivenStatement } from '../app/approval/record-approval.ts';
import type { BrowserAnswer } from '../app/ports/passkeys.ts';

interface SignedBody {
  readonly statement: string;
  readonly signature?: string | undefined;
  readonly assertion?: (BrowserAnswer & { readonly response: { readonly signature: string } }) | undefined;
}

/** A yes as it came in a body, by key or by passkey. */
export function givenYes(body: SignedBody): Pick<GivenStatement, 'statement' | 'signature' | 'answer'> {
  const { statement, signature, assertion } = body;
  if (assertion === undefined) return { statement, signature: signature ?? '' };
  return { statement, signature: assertion.response.signature, answer: assertion };
}
