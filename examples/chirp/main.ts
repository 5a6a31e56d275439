import { startChirp } from './start-chirp.ts';

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') {
    console.error(`chirp: ${name} is not set. Set it and start again.`);
    process.exit(2);
  }
  return value;
}

/** Away from Allclear's own port, so that both start on one machine without a setting. */
const defaultPort = 4080;

const port = Number(process.env['PORT'] ?? defaultPort);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  console.error('chirp: PORT is not a port number. Set it to 0-65535 (0 takes any free one).');
  process.exit(2);
}
const publicUrl = process.env['PUBLIC_URL'];
const appealUrl = process.env['ALLCLEAR_APPEAL_URL'];
const checkUrl = process.env['ALLCLEAR_PASSWORD_CHECK_URL'];

const chirp = await startChirp({
  databaseUrl: required('DATABASE_URL'),
  smtpUrl: required('SMTP_URL'),
  port,
  ...(publicUrl === undefined ? {} : { publicUrl }),
  ...(appealUrl === undefined ? {} : { appealUrl }),
  ...(checkUrl === undefined
    ? {}
    : { passwordCheck: { url: checkUrl, tokenFile: required('ALLCLEAR_SERVICE_TOKEN_FILE') } }),
});
console.log(`chirp: ${chirp.url}`);

let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    chirp.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
}
