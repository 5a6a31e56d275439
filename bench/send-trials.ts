/**
 * One sender of P8: mails as fast as one server takes them, and asks before each dot, in the way under trial, whether it
 * may. Told to go by its parent; once a dot is refused it lets what is under way end, and answers with its last dot.
 */
import pg from 'pg';
import { makeFileFence } from '../src/adapters/fence/file-fence.ts';
import { makeHolderTransport } from '../src/adapters/mail/holder-transport.ts';
import type { HolderAddress } from '../src/app/ports/holder-transport.ts';

export type HaltWay = 'fence' | 'listen' | 'poll' | 'row' | 'nothing';

export interface TrialSettings {
  readonly way: HaltWay;
  readonly databaseUrl: string;
  readonly stateDir: string;
  readonly smtpUrl: string;
  readonly sizeBytes: number;
}

export interface TrialSeen {
  readonly mails: number;
  /** Of CLOCK_MONOTONIC, which all processes of a host share. */
  readonly lastDotNs: string;
  readonly cpuSeconds: number;
}

/** What an ordinary job queue does. */
const pollMs = 50;
/** As one worker's share of its connections. */
const mailsAtATime = 4;

const settings = JSON.parse(process.argv[2] ?? '{}') as TrialSettings;
const transport = makeHolderTransport({
  smtpUrl: settings.smtpUrl,
  environment: 'bench',
  connections: mailsAtATime,
  messagesPerConnection: 100_000,
});
const content = Buffer.from(
  `From: <b@bench.example>\r\nSubject: trial\r\n\r\n${'x'
    .repeat(70)
    .concat('\r\n')
    .repeat(settings.sizeBytes / 72)}`,
);
const database = new pg.Pool({ connectionString: settings.databaseUrl, max: mailsAtATime });
const fence = makeFileFence(settings.stateDir);
fence.ensure(1, 'tell');
fence.setRelayAlive(true);

let epoch = 1;
/** What this process was told, by whatever way it is told. */
let halted = true;
let lastDotNs = 0n;
let mails = 0;

if (settings.way === 'listen') {
  const listener = new pg.Client({ connectionString: settings.databaseUrl });
  await listener.connect();
  await listener.query(`LISTEN bench_halt`);
  listener.on('notification', () => (halted = true));
}
if (settings.way === 'poll') {
  const polling = setInterval(() => {
    void isHaltedInRow().then((is) => (halted ||= is));
  }, pollMs);
  process.once('disconnect', () => clearInterval(polling));
}
await database.query('SELECT 1');

async function isHaltedInRow(): Promise<boolean> {
  const asked = epoch;
  const { rows } = await database.query<{ epoch: number }>('SELECT epoch FROM bench_halt');
  return (rows[0]?.epoch ?? asked) >= asked;
}

async function sendUntilHalted(): Promise<void> {
  while (!halted) {
    if (settings.way === 'row' && (await isHaltedInRow())) return;
    await transport.send(
      { envelopeFrom: 'b@bench.example', envelopeTo: 'h@mail.example' as HolderAddress, content },
      mayWriteDot,
    );
    mails += 1;
  }
}

function mayWriteDot(): boolean {
  if (settings.way === 'fence' && !fence.mayAct(1, 'tell', epoch)) halted = true;
  if (halted) return false;
  lastDotNs = process.hrtime.bigint();
  return true;
}

process.on('message', (message: number | 'halt') => {
  if (message === 'halt') {
    halted = true;
    return;
  }
  epoch = message;
  halted = false;
  mails = 0;
  const before = process.cpuUsage();
  void Promise.all(Array.from({ length: mailsAtATime }, sendUntilHalted)).then(() => {
    const { user, system } = process.cpuUsage(before);
    process.send?.({ mails, lastDotNs: String(lastDotNs), cpuSeconds: (user + system) / 1e6 } satisfies TrialSeen);
  });
});
process.once('disconnect', () => {
  fence.stop();
  void Promise.all([transport.close(), database.end()]).then(() => process.exit(0));
});
process.send?.('ready');
