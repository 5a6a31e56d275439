export interface WelcomeFacts {
  readonly serverUrl: string;
  /** Null where the service's own tables are the directory. */
  readonly chirpUrl: string | null;
  readonly mailboxUrl: string;
  readonly home: string;
  readonly sealKeyFile: string;
  readonly keysMade: readonly string[];
  /** What the command line needs to know that is not as usual, as environment variables. */
  readonly settings: Readonly<Record<string, string>>;
}

/** What the terminal says once everything is up: where things are, and what to type next. */
export function welcome(facts: WelcomeFacts): string {
  const lines = [
    '',
    'Allclear is running, with everything it needs on this machine.',
    '',
    ...(facts.chirpUrl === null ? [] : [`  Chirp, the sample service   ${facts.chirpUrl}`]),
    `  Mailbox: every mail sent    ${facts.mailboxUrl}`,
    `  Console: sign in here       ${consoleUrl(facts.serverUrl)}`,
    `  Allclear server             ${facts.serverUrl}`,
    `  Keys, state, database       ${facts.home}`,
    '',
  ];
  if (facts.keysMade.includes(facts.sealKeyFile)) {
    lines.push(
      `A sealing key was made: ${facts.sealKeyFile}`,
      'Keep a copy elsewhere. Without it no quarantined password can ever be given back.',
      '',
    );
  }
  const settings = Object.entries(facts.settings);
  if (settings.length > 0) {
    lines.push('Not everything is where it usually is. In the second terminal, first:');
    lines.push(...settings.map(([name, value]) => `  export ${name}=${value}`), '');
  }
  lines.push(
    'Next, in a second terminal in this folder:',
    ...(facts.chirpUrl === null
      ? [
          '  npx allclear directory test --canary ADDRESS --password-file FILE',
          '                                           then go on in docs/recipes/small-shop.md',
        ]
      : [
          '  npx allclear demo twitter-2014           the accident of 2014, replayed and put right (about a minute)',
          '  npx allclear operator add --name ann --email ann@chirp.example',
          '                                           then work through the tour in docs/tour.md',
        ]),
    '',
    'Ctrl-C stops everything; the next start goes on from here, halted.',
    '',
  );
  return `${lines.join('\n')}\n`;
}

/** A passkey belongs to a name and not to a number. */
function consoleUrl(serverUrl: string): string {
  return `${serverUrl.replace('//127.0.0.1:', '//localhost:')}/console`;
}
