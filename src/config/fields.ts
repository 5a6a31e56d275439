import { isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';
import { readDomainRates, readLimits, readProviderRates } from '../domain/rate/read-rates.ts';
import { delayHours } from '../domain/recovery/recovery-limits.ts';
import { readTimeZone } from '../domain/shared/time-zone.ts';
import { defineField, domainName, networks, selector, share, text, urlOf, wholeNumber } from './field.ts';

/** `home` first: other defaults lie inside it. */
export const fields = {
  home: defineField({
    env: 'ALLCLEAR_HOME',
    schema: text,
    meaning: 'Folder of everything that this installation keeps: keys, state, checkpoints, the embedded database.',
    default: ({ cwd }) => join(cwd, '.allclear'),
    whenWrong: 'Another folder is another installation: a new ledger key, no restore, an empty embedded database.',
  }),
  environment: defineField({
    env: 'ALLCLEAR_ENVIRONMENT',
    schema: z.enum(['sample', 'staging', 'production']),
    meaning: 'Which accounts and which mailer this is; directory and mailer must agree with it.',
    default: () => 'sample' as const,
    whenWrong: 'The server refuses a database, a directory or a mailer of another environment.',
  }),
  profile: defineField({
    env: 'ALLCLEAR_PROFILE',
    schema: z.enum(['standard', 'small']),
    meaning:
      'Size of the service. `small`, a shop: waves of ten and then the rest, every target reviewed, at most 500 targets a plan, and the second operator may come by a one-time invitation.',
    default: () => 'standard' as const,
    whenWrong:
      'With `small` a large plan is refused; with `standard` a shop waits hours between waves of a few people.',
  }),
  host: defineField({
    env: 'HOST',
    schema: text,
    meaning: 'Address to listen on.',
    default: () => '127.0.0.1',
    whenWrong: 'An address beyond this machine shows the API to everyone who can reach it.',
  }),
  port: defineField({
    env: 'PORT',
    schema: wholeNumber(0, 65_535),
    meaning: 'Port to listen on; 0 takes a free one.',
    default: () => 8470,
    whenWrong: 'The server does not start when the port is taken.',
  }),
  trustedProxies: defineField<readonly string[]>({
    env: 'ALLCLEAR_TRUSTED_PROXIES',
    schema: networks,
    meaning:
      'Addresses or CIDRs of your own proxies: only they are believed when they say who asked (X-Forwarded-For).',
    default: () => [],
    whenWrong:
      'None behind a proxy: all readers share one rate limit. Too wide: anybody names any address and has no limit at all.',
  }),
  publicUrl: defineField({
    env: 'PUBLIC_URL',
    schema: urlOf('http:', 'https:'),
    meaning:
      'Where holders reach the public pages, and operators the console; every link in a notice begins with it, and passkeys belong to its host.',
    default: ({ host, port }) => `http://${host}:${port}`,
    whenWrong:
      'Links in notices lead nowhere, and nobody can say "this is not right". Under another host everybody adds a passkey anew.',
  }),
  sessionHours: defineField({
    env: 'ALLCLEAR_SESSION_HOURS',
    schema: wholeNumber(1, 24),
    unit: 'hours',
    meaning: 'After how long a session of the console ends, whatever is done in it: a working day.',
    default: () => 12,
    whenWrong: 'Longer: a machine that was left open is open the next morning. Shorter: people sign in mid-rollout.',
  }),
  sessionIdleMinutes: defineField({
    env: 'ALLCLEAR_SESSION_IDLE_MINUTES',
    schema: wholeNumber(5, 240),
    unit: 'minutes',
    meaning: 'After how long a session of the console ends in which nobody does anything.',
    default: () => 30,
    whenWrong: 'Longer: whoever finds the machine unlocked acts in your name. Shorter: people sign in while they read.',
  }),
  oidcIssuer: defineField<string | null>({
    env: 'OIDC_ISSUER',
    schema: urlOf('https:', 'http:'),
    meaning:
      'Where people sign in to the console with the account of your organisation (OpenID Connect); none offers passkeys alone. It lets them look and halt; a yes still takes a passkey or a key.',
    default: () => null,
    whenWrong: 'Nobody signs in this way. Whoever runs that server is believed about who somebody is.',
  }),
  oidcClientId: defineField<string | null>({
    env: 'OIDC_CLIENT_ID',
    schema: text,
    meaning: 'Name under which that server knows this console; its redirect URI is PUBLIC_URL/auth/oidc/callback.',
    default: () => null,
    whenWrong: 'That server refuses everybody.',
  }),
  oidcClientSecret: defineField<string | null>({
    env: 'OIDC_CLIENT_SECRET',
    schema: text,
    meaning: 'The secret of that client.',
    default: () => null,
    whenWrong: 'Nobody signs in this way.',
    secret: true,
  }),
  databaseUrl: defineField<string | null>({
    env: 'DATABASE_URL',
    schema: urlOf('postgres:', 'postgresql:'),
    meaning: 'The Postgres (15 or later) of Allclear itself; none takes the embedded one.',
    default: () => null,
    whenWrong: 'Nothing is sent: without its database no permit can be taken.',
    secret: true,
  }),
  smtpUrl: defineField<string | null>({
    env: 'SMTP_URL',
    schema: urlOf('smtp:', 'smtps:'),
    meaning: 'The mailer; none takes the built-in mailbox, which delivers to nobody.',
    default: () => null,
    whenWrong: 'Mail is deferred or refused; containment waits for it unless a plan contains first.',
    secret: true,
  }),
  operatorMail: defineField({
    env: 'ALLCLEAR_OPERATOR_MAIL',
    schema: z.enum(['on', 'off']),
    meaning:
      'Whether everybody who decides is told by mail who else may decide, what was halted and which limit was changed; needs a mailer.',
    default: () => 'on' as const,
    whenWrong: 'Off: an operator who was added behind the backs of the others is noticed by those who read the ledger.',
  }),
  mailFrom: defineField({
    env: 'MAIL_FROM',
    schema: text.refine((value) => !/[\r\n]/.test(value) && value.includes('@'), 'is no address'),
    meaning: 'Sender of notices, as in a From header.',
    default: () => 'Account security <security@localhost>',
    whenWrong: 'Receivers refuse the mail or file it as spam.',
  }),
  dkimDomain: defineField<string | null>({
    env: 'ALLCLEAR_DKIM_DOMAIN',
    schema: domainName,
    meaning: 'Domain in whose name each mail is signed (DKIM), that of MAIL_FROM; none: mails leave unsigned.',
    default: () => null,
    whenWrong: 'Receivers find no key, or one of a domain that is not the sender: the mail counts as unsigned.',
  }),
  dkimRsaSelector: defineField({
    env: 'ALLCLEAR_DKIM_RSA_SELECTOR',
    schema: selector,
    meaning: 'Name under `_domainkey` where receivers find the RSA key.',
    default: () => 'allclear-rsa',
    whenWrong: 'Receivers find no key and the signature counts for nothing.',
  }),
  dkimRsaKeyFile: defineField({
    env: 'ALLCLEAR_DKIM_RSA_KEY_FILE',
    schema: text,
    meaning: 'File of the RSA key that signs mails, 0600; `allclear mail keys` makes it.',
    default: ({ home }) => join(home, 'keys', 'dkim-rsa.pem'),
    whenWrong: 'Server and workers do not start. With another key than the published one receivers refuse mails.',
  }),
  dkimEd25519Selector: defineField({
    env: 'ALLCLEAR_DKIM_ED25519_SELECTOR',
    schema: selector,
    meaning: 'Name under `_domainkey` where receivers find the Ed25519 key.',
    default: () => 'allclear-ed25519',
    whenWrong: 'As for the RSA selector.',
  }),
  dkimEd25519KeyFile: defineField({
    env: 'ALLCLEAR_DKIM_ED25519_KEY_FILE',
    schema: text,
    meaning: 'File of the Ed25519 key that signs mails, 0600; `allclear mail keys` makes it.',
    default: ({ home }) => join(home, 'keys', 'dkim-ed25519.pem'),
    whenWrong: 'As for the RSA key.',
  }),
  serviceName: defineField({
    env: 'ALLCLEAR_SERVICE_NAME',
    schema: text.refine((value) => !/[\r\n]/.test(value), 'holds a line end'),
    meaning: 'Name of the service, as holders know it; stands in every notice.',
    default: () => 'Chirp',
    whenWrong: 'Holders take a genuine notice for a false one.',
  }),
  supportContact: defineField({
    env: 'ALLCLEAR_SUPPORT_CONTACT',
    // Read by people in mails: the scheme of an address is for programs, and security.txt writes it by itself.
    schema: text
      .refine((value) => !/[\r\n]/.test(value), 'holds a line end')
      .transform((value) => value.replace(/^mailto:/i, '')),
    meaning: 'How a holder reaches a person of the service; stands in every notice.',
    default: () => 'help@chirp.example',
    whenWrong: 'Whoever cannot get back in reaches nobody.',
  }),
  defaultTimeZone: defineField({
    env: 'ALLCLEAR_DEFAULT_TIME_ZONE',
    schema: text.refine((value) => readTimeZone(value) !== null, 'is no time zone like Europe/Berlin or +05:30'),
    meaning: 'Where holders are taken to live of whom the directory does not say it; large waves are told by day.',
    default: () => 'UTC',
    whenWrong: 'They get their notices by night.',
  }),
  recoveryUrl: defineField<string | null>({
    env: 'ALLCLEAR_RECOVERY_URL',
    schema: urlOf('http:', 'https:'),
    meaning:
      "The service's own page for a forgotten password; the public pages link to it, and /.well-known/change-password leads there.",
    default: () => null,
    whenWrong:
      'Holders are sent to a page on which they cannot get back in. None: they are told in words where to look.',
  }),
  recovery: defineField({
    env: 'ALLCLEAR_RECOVERY',
    schema: z.enum(['link', 'hosted']),
    meaning:
      "How holders whose password was taken out of use choose a new one: on the service's own page (`link`), or on pages of ours by a code (`hosted`).",
    default: () => 'link' as const,
    whenWrong: '`hosted` on a directory in whose form no new password can be written: holders reach a page that fails.',
  }),
  recoveryDirectoryUrl: defineField<string | null>({
    env: 'ALLCLEAR_RECOVERY_DIRECTORY_URL',
    schema: urlOf('postgres:', 'postgresql:'),
    meaning:
      'The directory as the role that sets new passwords, for the server alone; none takes that of the directory.',
    default: () => null,
    whenWrong:
      'No new password can be set. None, or given to workers too: whoever takes a worker over can choose passwords for accounts that it quarantines.',
    secret: true,
  }),
  recoverySmtpUrl: defineField<string | null>({
    env: 'ALLCLEAR_RECOVERY_SMTP_URL',
    schema: urlOf('smtp:', 'smtps:'),
    meaning: 'The mailer for codes and answers that holders asked for, apart from notices; none takes SMTP_URL.',
    default: () => null,
    whenWrong: 'Nobody gets a code; the pages say that mail cannot be sent.',
    secret: true,
  }),
  recoveryDelayHours: defineField({
    env: 'ALLCLEAR_RECOVERY_DELAY_HOURS',
    schema: wholeNumber(delayHours.least, delayHours.most),
    unit: 'hours',
    meaning: 'Where the mailbox itself is in doubt: so long after the code was typed may a new password be chosen.',
    default: () => 24,
    whenWrong: 'Shorter: a holder who is away does not read the warning in time. Longer: they are locked out for days.',
  }),
  recoveryMissesPerHour: defineField({
    env: 'ALLCLEAR_RECOVERY_MISSES_PER_HOUR',
    schema: wholeNumber(10, 1_000_000),
    unit: 'wrong codes an hour',
    meaning: 'From so many wrong codes in an hour on each code takes one try instead of five, and it is logged.',
    default: () => 300,
    whenWrong: 'Too small: slips of the hand cost people their code on a busy day. Too large: guessing goes unseen.',
  }),
  breachCheckUrl: defineField<string | null>({
    env: 'ALLCLEAR_BREACH_CHECK_URL',
    schema: urlOf('http:', 'https:'),
    meaning:
      'Beginning of the address at which ranges of leaked passwords are asked for; five hex digits of a SHA-1 follow. None asks nobody.',
    default: () => null,
    whenWrong: 'New passwords are held against the list that comes with Allclear alone; the log says so.',
  }),
  directoryUrl: defineField<string | null>({
    env: 'ALLCLEAR_DIRECTORY_URL',
    schema: urlOf('postgres:', 'postgresql:'),
    meaning: 'Where the accounts live; none takes the sample service.',
    default: () => null,
    whenWrong: 'Evidence matches the wrong accounts: the approver types the total and the name of the directory.',
    secret: true,
  }),
  directoryMapping: defineField<string | null>({
    env: 'ALLCLEAR_DIRECTORY_MAPPING',
    schema: text,
    meaning: 'File that says how accounts are read from your own tables; none takes better-auth.',
    default: () => null,
    whenWrong:
      'The server does not start on a mapping that does not fit; one that fits and is wrong meets the wrong people.',
  }),
  directoryName: defineField({
    env: 'ALLCLEAR_DIRECTORY_NAME',
    schema: text.refine((value) => /^[a-z0-9][a-z0-9-]{0,62}$/.test(value), 'is not made of a-z, 0-9 and -'),
    meaning: 'Name of the directory that approvers type and sign.',
    default: () => 'chirp',
    whenWrong: 'Approvals given under another name are refused.',
  }),
  returnPathDomain: defineField<string | null>({
    env: 'ALLCLEAR_RETURN_PATH_DOMAIN',
    schema: text.refine((value) => /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(value), 'is no domain name'),
    meaning:
      'Domain that bounces are sent to, its MX pointing at the listener for feedback; none takes that of MAIL_FROM.',
    default: () => null,
    whenWrong: 'Bounces go to another server and are lost: people who were not told count as told.',
  }),
  feedbackSmtpHost: defineField({
    env: 'ALLCLEAR_FEEDBACK_SMTP_HOST',
    schema: text,
    meaning: 'Address on which bounces and complaints are taken by SMTP.',
    default: () => '127.0.0.1',
    whenWrong: 'An address beyond this machine is open to everyone; it takes only mail for return paths of our own.',
  }),
  feedbackSmtpPort: defineField<number | null>({
    env: 'ALLCLEAR_FEEDBACK_SMTP_PORT',
    schema: wholeNumber(0, 65_535),
    meaning: 'Port on which bounces and complaints are taken by SMTP, 0 for a free one; none takes none.',
    default: () => null,
    whenWrong: 'Without any channel for feedback, people whose mail came back count as told.',
  }),
  feedbackSesTopic: defineField<string | null>({
    env: 'ALLCLEAR_FEEDBACK_SES_TOPIC',
    schema: text.refine(
      (value) => /^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$/.test(value),
      'is no ARN of an SNS topic',
    ),
    meaning: 'The SNS topic through which Amazon SES tells of bounces and complaints; none takes none.',
    default: () => null,
    whenWrong: 'Events of another topic are refused, so nothing of SES is heard.',
  }),
  feedbackPostmarkLogin: defineField<string | null>({
    env: 'ALLCLEAR_FEEDBACK_POSTMARK_LOGIN',
    schema: text.refine(
      (value) => /^[^:]+:.{16,}$/.test(value),
      'is not of the form name:password with 16 or more characters',
    ),
    meaning: 'Name and password, `name:password`, that webhooks of Postmark show; none takes none.',
    default: () => null,
    whenWrong: 'Events of Postmark are refused, so nothing of it is heard.',
    secret: true,
  }),
  feedbackSendgridKey: defineField<string | null>({
    env: 'ALLCLEAR_FEEDBACK_SENDGRID_KEY',
    schema: text.refine((value) => /^[A-Za-z0-9+/]+=*$/.test(value), 'is no public key in base64'),
    meaning: 'Public key of the signed event webhook of SendGrid, as its settings show it; none takes none.',
    default: () => null,
    whenWrong: 'Events of SendGrid are refused, so nothing of it is heard.',
  }),
  mailQueue: defineField({
    env: 'ALLCLEAR_MAIL_QUEUE',
    schema: z.enum(['none', 'postfix']),
    meaning:
      'What holds the mails that SMTP_URL took: `postfix` on the machine of each worker, whose queue is then read, shown and capped; `none` where nobody can look.',
    default: () => 'none' as const,
    whenWrong:
      'With `none` a halt cannot tell how many mails still go out. With `postfix` where there is none, no ordinary notice is sent.',
  }),
  mailQueueCap: defineField({
    env: 'ALLCLEAR_MAIL_QUEUE_CAP',
    schema: wholeNumber(1, 100_000),
    unit: 'mails',
    meaning: 'Ordinary notices wait while the mail server still holds so many mails of ours that have not gone out.',
    default: () => 5_000,
    whenWrong:
      'Too large: so many people are still told after a halt. Too small: a few mailboxes that put us off for days hold up everybody.',
  }),
  mailQueueHold: defineField({
    env: 'ALLCLEAR_MAIL_QUEUE_HOLD',
    schema: z.enum(['no', 'direct', 'sudo']),
    meaning:
      "Whether a halt puts its mails on hold in Postfix's queue, and a resume lets them go: `direct` where workers are root, `sudo` by `sudo -n postsuper`.",
    default: () => 'no' as const,
    whenWrong: 'Mails that Postfix took before a halt go out all the same; `doctor` and the status say so.',
  }),
  mailQueueCommandDir: defineField({
    env: 'ALLCLEAR_MAIL_QUEUE_COMMAND_DIR',
    schema: text,
    meaning: 'Folder of `postqueue` and `postsuper`.',
    default: () => '/usr/sbin',
    whenWrong: 'The queue cannot be read, and no ordinary notice is sent.',
  }),
  mailQueueConfigDir: defineField<string | null>({
    env: 'ALLCLEAR_MAIL_QUEUE_CONFIG_DIR',
    schema: text,
    meaning: "Configuration folder of another Postfix than the machine's own (`postqueue -c`); none takes its own.",
    default: () => null,
    whenWrong: 'The queue of another Postfix is read, or none.',
  }),
  sealKeyFile: defineField({
    env: 'ALLCLEAR_SEAL_KEY_FILE',
    schema: text,
    meaning: 'File of the key that seals old password hashes, 0600; made once.',
    default: ({ home }) => join(home, 'keys', 'seal.key'),
    whenWrong: 'Without this very key no password can be given back.',
  }),
  ledgerKeyFile: defineField({
    env: 'ALLCLEAR_LEDGER_KEY_FILE',
    schema: text,
    meaning: 'File of the key that signs the checkpoints of the ledger, 0600; made once.',
    default: ({ home }) => join(home, 'keys', 'ledger.key'),
    whenWrong: 'The server does not start with another key than the one this deployment was made with.',
  }),
  stateDir: defineField({
    env: 'ALLCLEAR_STATE_DIR',
    schema: text,
    meaning: 'Folder of the fence, the dot logs and the HALT file, on a local disk of each host.',
    default: ({ home }) => join(home, 'state'),
    whenWrong: 'An unreadable folder means halted. On a network disk the fence is slow to be seen.',
  }),
  keepAddressDays: defineField({
    env: 'ALLCLEAR_KEEP_ADDRESS_DAYS',
    schema: wholeNumber(0, 3_650),
    unit: 'days',
    meaning:
      'Addresses of a plan are erased so long after its last restore date: till then a mistake can still be corrected by mail.',
    default: () => 60,
    whenWrong:
      'Shorter: a mistake that is found late can no longer be told to those it hit. Longer: addresses are kept that nobody needs.',
  }),
  drillDatabaseUrl: defineField<string | null>({
    env: 'ALLCLEAR_DRILL_DATABASE_URL',
    schema: urlOf('postgres:', 'postgresql:'),
    meaning:
      'An empty Postgres database for drills and nothing else; none makes one beside our own, on the same server, named after it with `_drill`.',
    default: () => null,
    whenWrong:
      'A drill refuses a database that holds anything else. Without one, and without the right to make one, no drill begins.',
    secret: true,
  }),
  drillPeople: defineField({
    env: 'ALLCLEAR_DRILL_PEOPLE',
    schema: wholeNumber(60, 5_000),
    unit: 'people',
    meaning: 'Made-up people whom the evidence of a drill names; about two of them are told each second.',
    default: () => 600,
    whenWrong:
      'Too few: all of them are told before anybody has found the halt. Too many: the drill takes longer for nothing.',
  }),
  metricsPort: defineField<number | null>({
    env: 'ALLCLEAR_METRICS_PORT',
    schema: wholeNumber(0, 65_535),
    meaning:
      'Port of 127.0.0.1 on which this process, server or worker, shows its figures at /metrics to whoever is on this machine; 0 takes a free one, none shows them nowhere but to operators, on the server itself.',
    default: () => null,
    whenWrong: 'Two processes cannot share one: the later one goes on without, says so in its log, and is not seen.',
  }),
  mailQuotaPerDay: defineField<number | null>({
    env: 'ALLCLEAR_MAIL_QUOTA_PER_DAY',
    schema: wholeNumber(1, 1_000_000_000),
    unit: 'mails a day',
    meaning:
      'What the mail provider takes of us in 24 hours. No more is sent in any 24 hours; `doctor` says from it when a rollout can be through.',
    default: () => null,
    whenWrong:
      'None, or too high: the day on which the provider turns us away comes unannounced. Too low: people wait for their notice.',
  }),
  mailRate: defineField<string | null>({
    env: 'ALLCLEAR_MAIL_RATE',
    schema: text.refine((value) => readLimits(value) !== null, 'is not written like `14/s 50000/d` (s, min, h, d)'),
    unit: 'mails per s, min, h or d',
    meaning:
      'How fast mail may leave, over all workers, as the provider that we send through allows it: `14/s 50000/d`. Never exceeded in any window of that length, across restarts.',
    default: () => null,
    whenWrong:
      'None, or too high: the provider puts mail off, or closes the account in the middle of a wave. Too low: people are contained and untold for longer.',
  }),
  mailRateEachDomain: defineField<string | null>({
    env: 'ALLCLEAR_MAIL_RATE_EACH_DOMAIN',
    schema: text.refine((value) => readLimits(value) !== null, 'is not written like `5/s 2000/h` (s, min, h, d)'),
    unit: 'mails per s, min, h or d',
    meaning: 'The same for each recipient domain that has no rate of its own.',
    default: () => null,
    whenWrong: 'None: a receiver that meets thousands of our mails at once takes us for a sender of spam.',
  }),
  mailRateDomains: defineField<string | null>({
    env: 'ALLCLEAR_MAIL_RATE_DOMAINS',
    schema: text.refine(
      (value) => readDomainRates(value) !== null,
      'is not written like `gmail.com=10/s 20000/d, example.org=5/min`',
    ),
    unit: 'mails per s, min, h or d',
    meaning: 'Rates of single recipient domains, in place of that of each domain.',
    default: () => null,
    whenWrong: 'As for each domain.',
  }),
  mailRateProviders: defineField<string | null>({
    env: 'ALLCLEAR_MAIL_RATE_PROVIDERS',
    schema: text.refine(
      (value) => readProviderRates(value) !== null,
      'is not written like `google(gmail.com googlemail.com)=20/s`',
    ),
    unit: 'mails per s, min, h or d',
    meaning:
      'Rates of receiving providers: the mails of all the domains named are counted together, beside those of each domain. Whose mail a provider takes is not looked up.',
    default: () => null,
    whenWrong: 'Too few domains: the provider counts together what we count apart, and puts mail off.',
  }),
  mailRateReserve: defineField({
    env: 'ALLCLEAR_MAIL_RATE_RESERVE',
    schema: share.refine((value) => value <= 0.9, 'is more than 0.9'),
    unit: 'of each rate',
    meaning:
      'Kept for the letters that put a mistake right (holding, correct): notices use the rest. A fifth reaches a wave of an hour within five, while the wave still goes on.',
    default: () => 0.2,
    whenWrong:
      'Too small: a correction waits behind the notices that it is to correct. Too large: notices take longer.',
  }),
  directoryCanary: defineField<string | null>({
    env: 'ALLCLEAR_DIRECTORY_CANARY',
    schema: text,
    meaning: 'Id or address of an account that belongs to nobody, which `directory test` quarantines and gives back.',
    default: () => null,
    whenWrong:
      "A holder's sessions end, and for a moment so does the password, each time that the directory is tested.",
  }),
  leastFreeMb: defineField({
    env: 'ALLCLEAR_LEAST_FREE_MB',
    schema: wholeNumber(0, 1_000_000),
    meaning:
      'Below so much free space for home, state or embedded database no list is taken in and no plan is drafted.',
    unit: 'MB',
    default: () => 300,
    whenWrong: 'Too small: a list fills the disk that the ledger and a halt need. Too large: nothing can be imported.',
  }),
  backupPassphrase: defineField<string | null>({
    env: 'ALLCLEAR_BACKUP_PASSPHRASE',
    schema: z.string().min(1),
    meaning: 'Passphrase of backups (export, import); asked for on a terminal when absent.',
    default: () => null,
    whenWrong: 'The backup cannot be opened. Nobody can open one whose passphrase is lost.',
    secret: true,
  }),
  logLevel: defineField({
    env: 'LOG_LEVEL',
    schema: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
    meaning: 'Least level that is logged.',
    default: () => 'info' as const,
    whenWrong: 'Too little is seen, or too much to read.',
  }),
  url: defineField({
    env: 'ALLCLEAR_URL',
    schema: urlOf('http:', 'https:'),
    meaning: 'The server that the command line talks to.',
    default: ({ port }) => `http://127.0.0.1:${port}`,
    whenWrong: 'Commands end with exit code 69; `halt --direct` still works.',
  }),
  token: defineField<string | null>({
    env: 'ALLCLEAR_TOKEN',
    schema: text,
    meaning: "The operator's API token.",
    default: () => null,
    whenWrong: 'Commands are refused as unauthenticated.',
    secret: true,
  }),
  keyPassphrase: defineField<string | null>({
    env: 'ALLCLEAR_KEY_PASSPHRASE',
    schema: z.string().min(1),
    meaning: "Passphrase of the operator's key file; asked for on a terminal when absent.",
    default: () => null,
    whenWrong: 'The key file cannot be opened and nothing is signed.',
    secret: true,
  }),
  serviceToken: defineField<string | null>({
    env: 'ALLCLEAR_SERVICE_TOKEN',
    schema: text,
    meaning: 'What the service shows when it asks whether a password may be set.',
    default: () => null,
    whenWrong: 'The service cannot ask, and lets a quarantined password be chosen again.',
    secret: true,
  }),
};

/** Fields that are paths: relative ones are taken from where the command was started. */
export const pathFields: readonly (keyof typeof fields)[] = [
  'home',
  'sealKeyFile',
  'ledgerKeyFile',
  'stateDir',
  'directoryMapping',
  'dkimRsaKeyFile',
  'dkimEd25519KeyFile',
  'mailQueueCommandDir',
  'mailQueueConfigDir',
];

export function absolutePath(cwd: string, path: string): string {
  return isAbsolute(path) ? path : resolve(cwd, path);
}
