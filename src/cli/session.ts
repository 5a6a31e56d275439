import { Failure } from '../domain/shared/failure.ts';
import type { Ask } from './ask.ts';
import { makeApiClient } from './api-client.ts';
import type { ApiClient } from './api-client.ts';
import type { LocalVerbs } from './local-verbs.ts';
import { readTokenFile } from './operator-files.ts';
import { Output } from './output.ts';
import type { TextSink } from './output.ts';

export interface CliSettings {
  readonly url: string;
  /** From ALLCLEAR_TOKEN or its file; null where there is none. */
  readonly token: string | null;
  readonly home: string;
  readonly keyPassphrase: string | null;
  readonly backupPassphrase: string | null;
}

/** Where bytes come from; `setRawMode` is there on a terminal only. */
export interface ByteSource extends AsyncIterable<Uint8Array | string> {
  readonly isTTY?: boolean | undefined;
  setRawMode?(isRaw: boolean): unknown;
  resume?(): unknown;
  pause?(): unknown;
}

/** Everything of the outside that commands use. */
export interface CliWorld {
  readonly stdin: ByteSource;
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  readonly now: () => Date;
  /** That of package.json. */
  readonly version: string;
  readonly fetch: typeof fetch;
  /** Settings of flags, environment, file and defaults; read only by commands that need them. */
  readonly readSettings: (flags: { readonly url?: string }) => CliSettings;
  readonly local: LocalVerbs;
  /** There only where a person can be asked. */
  readonly ask?: Ask;
}

export interface CommonFlags {
  readonly url?: string;
  readonly as?: string;
  readonly drill?: boolean;
  readonly json?: boolean;
  readonly ndjson?: boolean;
  readonly quiet?: boolean;
}

/** One run of one command. */
export interface Session {
  /** Everything is about the drill: nothing may go past its server to what is real. */
  readonly isDrill: boolean;
  readonly world: CliWorld;
  readonly out: Output;
  readonly settings: CliSettings;
  readonly api: ApiClient;
  /** The API without a name, for the one request that is signed instead. */
  readonly anonymous: ApiClient;
}

export function openSession(world: CliWorld, flags: CommonFlags): Session {
  const settings = world.readSettings(flags.url === undefined ? {} : { url: flags.url });
  const token = async (): Promise<string> => {
    if (flags.as !== undefined) return readTokenFile(settings.home, flags.as);
    if (settings.token !== null) return settings.token;
    throw new Failure('unauthenticated', 'Say who you are: --as NAME, or set ALLCLEAR_TOKEN or ALLCLEAR_TOKEN_FILE.');
  };
  const out = new Output(world.stdout, world.stderr, {
    json: flags.json === true,
    ndjson: flags.ndjson === true,
    quiet: flags.quiet === true,
  });
  const url = flags.drill === true ? inDrill(settings.url) : settings.url;
  const shared = { url, fetch: world.fetch, say: (line: string) => out.talk(line) };
  return {
    world,
    isDrill: flags.drill === true,
    settings,
    out,
    api: makeApiClient({ ...shared, token }),
    anonymous: makeApiClient({ ...shared, token: async () => null }),
  };
}

/** The server hands everything below this path on to the drill that runs. */
function inDrill(url: string): string {
  return `${url.replace(/\/$/, '')}/drill`;
}
