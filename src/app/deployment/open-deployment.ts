import { Failure } from '../../domain/shared/failure.ts';
import type { Deployment } from '../ports/deployment-store.ts';
import type { Digests } from '../ports/digests.ts';
import type { Store } from '../ports/store.ts';

export interface OpenDeploymentDeps {
  readonly store: Store;
  readonly digests: Digests;
}

export interface OpenDeploymentInput {
  readonly name: string;
  readonly environment: string;
  /** Of the ledger key that this server holds. */
  readonly ledgerPublicKey: string;
}

const idBytes = 10;
/** Crockford base32: digits and letters that are not misread over the phone. */
const symbols = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * Finds the deployment of this database, or makes it at the first start. Refuses a database of another environment, and
 * a ledger key other than the recorded one: its checkpoints could not be verified against those before.
 */
export async function openDeployment(deps: OpenDeploymentDeps, input: OpenDeploymentInput): Promise<Deployment> {
  const deployment = await deps.store.transact(async (tx) => {
    const deploymentId = `dep_${base32(deps.digests.randomHex(idBytes))}`;
    const { deployment: opened, made } = await tx.deployment.create({ deploymentId, ...input });
    if (made) {
      const { name, environment, ledgerPublicKey } = input;
      await tx.ledger.append({
        chain: 'installation',
        event: 'deployment.created',
        body: { deployment: deploymentId, name, environment, ledgerPublicKey },
      });
    }
    return opened;
  });
  if (deployment.environment !== input.environment) {
    throw new Failure(
      'environment-mismatch',
      `This database serves ${deployment.environment}, the server is set to ${input.environment}. ` +
        'Set ALLCLEAR_ENVIRONMENT or DATABASE_URL so that both are the same.',
    );
  }
  if (deployment.ledgerPublicKey !== input.ledgerPublicKey) {
    throw new Failure(
      'key-missing',
      'The ledger key is not the one that this deployment was made with. Put the recorded key file back ' +
        '(ALLCLEAR_LEDGER_KEY_FILE).',
    );
  }
  return deployment;
}

/** 10 bytes as 16 symbols. */
function base32(hex: string): string {
  let bits = BigInt(`0x${hex}`);
  let text = '';
  for (let place = 0; place < 16; place += 1) {
    text = (symbols[Number(bits & 31n)] ?? '') + text;
    bits >>= 5n;
  }
  return text;
}
