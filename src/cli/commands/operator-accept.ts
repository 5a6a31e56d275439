import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { healthRoutes } from '../../contract/health.ts';
import { operatorRoutes } from '../../contract/operator.ts';
import { parseInvitationCode } from '../../domain/approval/invitation-code.ts';
import type { InvitationAcceptance } from '../../domain/approval/invitation-request.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { getToken, signedRequestMs } from '../get-token.ts';
import { tokenFile } from '../operator-files.ts';
import { maxTokenHours } from '../../domain/approval/token-request.ts';
import { makeKey, orForget } from '../make-key.ts';
import { requireOperator } from '../require-ids.ts';
import type { CliWorld } from '../session.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

interface Flags {
  readonly email?: string;
  readonly codeFile?: string;
  readonly keyOut?: string;
}

/** A code and a line end. */
const maxCodeLength = 200;

export function addOperatorAccept(parent: Command, verbs: Verbs): void {
  addVerb<Flags>(parent, verbs, {
    usage: 'accept',
    summary: 'accepts an invitation on your own machine: makes your key here, and shows the code once',
    example: 'allclear operator accept --email ben@example.org --url https://allclear.example.org',
    options: [
      ['--email <address>', 'your address, as you were invited'],
      ['--code-file <file>', 'file with the code (- reads stdin); else you are asked for it'],
      ['--key-out <file>', 'where your new key file goes (default: <home>/operators/<address>.key)'],
    ],
    async run(session, _args, flags) {
      const { email } = flags;
      if (email === undefined) throw new Failure('usage', 'Name the address that was invited: --email ADDRESS');
      refusePlainHttp(session.settings.url);
      const { deployment } = await session.anonymous.call(healthRoutes.ready, {});
      const code = parseInvitationCode(await readCode(session.world, flags.codeFile));
      if (code === null)
        throw new Failure('usage', 'This is no invitation code: seven groups of four letters and digits.');
      const { signing } = session.world.local;
      const { digests } = signing;
      const made = await makeKey(session, email, flags.keyOut ?? null);
      const key = await signing.openKey(made.path, made.passphrase);
      const acceptance: InvitationAcceptance = {
        deployment,
        purpose: 'accept-invitation',
        email,
        publicKey: made.publicKey,
        code: digests.sha256(code),
        expiry: new Date(session.world.now().getTime() + signedRequestMs).toISOString(),
      };
      const text = digests.canonical(acceptance);
      const { operator } = await orForget(session, made.path, () =>
        session.anonymous.call(operatorRoutes.accept, {
          body: { code, acceptance: text, signature: key.sign(text) },
        }),
      );
      const id = requireOperator(operator.operatorId);
      const path = tokenFile(session.settings.home, operator.name);
      const wanted = { deployment, operator: id, scope: 'full', hours: maxTokenHours, path };
      const token = await getToken(session, key, wanted);
      const { operatorId, name } = operator;
      session.out.data({ operator, keyFile: made.path, tokenFile: path, tokenExpiresAt: token.expiresAt }, () => [
        `${operatorId} ${name} may approve, and halt.`,
        `Key:    ${made.path}  (signs approvals; keep it where only you can read it)`,
        `Token:  ${path}  (for --as; valid until ${token.expiresAt.slice(0, 10)})`,
        `Look at a plan before you say yes: allclear plan review PLAN --url ${session.settings.url} --as NAME`,
      ]);
    },
  });
}

/** The code is worth a second signature: it never crosses a network in the open. */
function refusePlainHttp(url: string): void {
  const { protocol, hostname } = new URL(url);
  const isHere = hostname === 'localhost' || hostname === '[::1]' || /^127(\.[0-9]{1,3}){3}$/.test(hostname);
  if (protocol === 'https:' || isHere) return;
  throw new Failure(
    'usage',
    'The code would cross the network in the open. Use an https:// address, or a tunnel to this machine.',
  );
}

async function readCode(world: CliWorld, file: string | undefined): Promise<string> {
  if (file === undefined) {
    if (world.ask === undefined)
      throw new Failure('usage', 'There is no terminal to ask on: --code-file FILE, or - for stdin.');
    return world.ask.secret('The code that you were given');
  }
  if (file !== '-') {
    return readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
      throw new Failure('usage', `The file of the code cannot be read (${cause.code ?? 'unknown'}): ${file}`);
    });
  }
  let text = '';
  for await (const chunk of world.stdin) {
    text += typeof chunk === 'string' ? chunk : new TextDecoder().decode(chunk);
    if (text.length > maxCodeLength) break;
  }
  return text;
}
