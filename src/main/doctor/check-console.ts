import { makeOidcProvider } from '../../adapters/oidc/oidc-provider.ts';
import { relyingPartyOf } from '../../adapters/passkey/relying-party.ts';
import type { CheckFinding } from '../../app/doctor/finding.ts';
import { doubtful, failing, sound } from '../../app/doctor/finding.ts';
import type { Config } from '../../config/config.ts';
import type { ConsoleFiles } from '../../http/console/console-files.ts';
import { readConsoleFiles } from '../console-files.ts';

/** Whether the console was built, and people can sign in to it: by passkey at its address, and by OIDC where that is configured. */
export async function checkConsole(
  config: Config,
  files: Pick<ConsoleFiles, 'kind'> = readConsoleFiles(),
): Promise<readonly CheckFinding[]> {
  const { origin, rpId } = relyingPartyOf(config.publicUrl);
  const byPasskey =
    rpId === null
      ? doubtful(
          'console',
          `browsers offer no passkeys at ${origin}`,
          'Set PUBLIC_URL to an https:// address with a name. Keys on the command line work meanwhile.',
        )
      : sound('console', `opened at ${origin}/console, with passkeys for ${rpId}`);
  return [...checkBuilt(config, files), byPasskey, ...(await checkOidc(config, origin))];
}

/** Where `npm start` is not what starts the server. */
function checkBuilt({ environment }: Config, { kind }: Pick<ConsoleFiles, 'kind'>): readonly CheckFinding[] {
  if (kind === 'built' || environment !== 'production') return [];
  return [
    doubtful(
      'console',
      'it is not built, so its pages say that it is not here',
      'npm run console, and start the server anew. The halt page and the command line need none of it.',
    ),
  ];
}

async function checkOidc(config: Config, origin: string): Promise<readonly CheckFinding[]> {
  const { oidcIssuer: issuer, oidcClientId: clientId, oidcClientSecret: clientSecret } = config;
  if (issuer === null && clientId === null && clientSecret === null) return [];
  if (issuer === null || clientId === null || clientSecret === null) {
    const mend = 'Set all of OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET, or none. The server does not start.';
    return [failing('oidc', 'it is configured by halves', mend)];
  }
  const redirectUri = `${origin}/auth/oidc/callback`;
  const key = new Uint8Array(32);
  try {
    await makeOidcProvider({ issuer, clientId, clientSecret, redirectUri, key, now: () => new Date() }).begin();
    return [sound('oidc', `${issuer} says who it is; it has to know the redirect URI ${redirectUri}`)];
  } catch {
    // What it said may hold anything.
    return [doubtful('oidc', `${issuer} does not say who it is`, 'Sign in by passkey meanwhile. Compare OIDC_ISSUER.')];
  }
}
