import { createHmac } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import type { AccountId, PlanId } from '../../domain/shared/ids.ts';

export interface MessageIdFacts {
  /**
   * Secret of the installation, so that nobody can work out from an account id whether it got a notice. Bytes are made
   * into a key object at each call, which costs more than the MAC: whoever makes many gives the object.
   */
  readonly key: Uint8Array | KeyObject;
  readonly deployment: string;
  readonly plan: PlanId;
  readonly accountId: AccountId;
  /** `notice`, `holding`, `final`: at most one message of each exists per person and plan. */
  readonly kind: string;
}

/**
 * RFC 5322 Message-ID with its angle brackets, the same whenever it is computed: a message that went out twice can be
 * told from two messages. 160 bits of HMAC-SHA-256 (RFC 2104).
 */
export function messageIdFor(facts: MessageIdFacts, domain: string): string {
  const { key, deployment, plan, accountId, kind } = facts;
  const statement = JSON.stringify(['allclear message-id v1', deployment, plan, accountId, kind]);
  const name = createHmac('sha256', key).update(statement, 'utf8').digest('hex').slice(0, 40);
  return `<${name}@${domain}>`;
}
