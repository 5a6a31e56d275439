import { isActive } from '../../domain/approval/operator.ts';
import type { Operator } from '../../domain/approval/operator.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { RehearsalAddress } from '../ports/holder-transport.ts';

export interface RehearsalRecipient {
  readonly operator: Operator;
  readonly address: RehearsalAddress;
}

/**
 * The address of the active operator who owns it, and of nobody else. `Failure('forbidden')`.
 */
export function rehearsalRecipient(operators: readonly Operator[], typed: string, now: Date): RehearsalRecipient {
  const operator = operators.find((one) => isActive(one, now) && one.email.toLowerCase() === typed.toLowerCase());
  if (operator === undefined) {
    throw new Failure(
      'forbidden',
      'A rehearsal goes to an active operator’s own address and to nobody else. Nothing was sent. The addresses: allclear operator list',
    );
  }
  return { operator, address: operatorAddress(operator) };
}

/** The one place where such an address is made: from a stored operator, and from nothing else that looks like one. */
export function operatorAddress(operator: Operator): RehearsalAddress {
  return operator.email as RehearsalAddress;
}
