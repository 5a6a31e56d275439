import { readFile } from 'node:fs/promises';
import { Failure } from '../domain/shared/failure.ts';
import type { Ask } from './ask.ts';
import type { InitVerbs, StoredSetting } from './init-verbs.ts';

/** One question of `init`. Its answer is a setting, or the word that stands for having none. */
export interface InitQuestion {
  /** Name of the setting. */
  readonly name: string;
  /** Without the dashes. */
  readonly flag: string;
  readonly message: string;
  readonly example?: string;
  /** Leaves the setting out of the file. */
  readonly nothing?: string;
  readonly choices?: readonly { readonly value: string; readonly label: string; readonly hint: string }[];
  readonly isSecret?: boolean;
  /** What stands there at first, from the answers so far. */
  readonly initial?: (answers: Answers) => string | undefined;
}

/** By name of the setting; null: answered with the word for nothing. */
export type Answers = Readonly<Record<string, string | null>>;

export const environments = [
  { value: 'sample', label: 'sample', hint: 'invented people, waves of seconds, the built-in mailbox' },
  { value: 'staging', label: 'staging', hint: 'a copy of your service; no real person is reached' },
  { value: 'production', label: 'production', hint: 'real people: needs a mailer and https' },
] as const;

export const aboutTheService: readonly InitQuestion[] = [
  {
    name: 'serviceName',
    flag: 'service-name',
    message: 'Name of the service, as its holders know it',
    example: 'Shop',
  },
  { name: 'environment', flag: 'environment', message: 'Which accounts are these?', choices: environments },
  {
    name: 'supportContact',
    flag: 'support-contact',
    message: 'How a holder reaches a person of the service (stands in every notice)',
    example: 'help@shop.example',
  },
  {
    name: 'publicUrl',
    flag: 'public-url',
    message: 'Where holders will reach the public pages (the one link of every notice)',
    initial: ({ environment }) => (environment === 'production' ? undefined : 'http://127.0.0.1:8470'),
    example: 'https://account.shop.example',
  },
  {
    name: 'recoveryUrl',
    flag: 'recovery-page',
    message: "The service's own page for a forgotten password, or none",
    nothing: 'none',
    initial: () => 'none',
  },
];

export const aboutAccounts: InitQuestion = {
  name: 'directoryUrl',
  flag: 'accounts',
  message: 'Postgres where the accounts live, as somebody who may read them; none: the sample service',
  example: 'postgres://you@localhost/shop',
  nothing: 'none',
  isSecret: true,
};

export const aboutMail: readonly InitQuestion[] = [
  {
    name: 'smtpUrl',
    flag: 'mailer',
    message: 'The mailer, or none: the built-in mailbox, which delivers to nobody',
    example: 'smtps://name:password@mail.shop.example',
    nothing: 'none',
    isSecret: true,
    initial: ({ environment }) => (environment === 'production' ? undefined : 'none'),
  },
  {
    name: 'mailFrom',
    flag: 'mail-from',
    message: 'Sender of the notices',
    initial: ({ serviceName, supportContact }) => senderOf(serviceName ?? '', supportContact ?? ''),
  },
  {
    name: 'databaseUrl',
    flag: 'database',
    message: "Allclear's own Postgres (15 or later), or embedded: one inside its own folder",
    nothing: 'embedded',
    isSecret: true,
    initial: () => 'embedded',
  },
];

/** `No`: the size of the service is not known here. */
export function aboutProfile(suggested: 'standard' | 'small' | null): InitQuestion {
  return {
    name: 'profile',
    flag: 'profile',
    message: 'How large is the service?',
    choices: [
      {
        value: 'small',
        label: 'small',
        hint: 'a shop: ten people, then the rest; at most 500 a plan, each one looked at by both approvers',
      },
      { value: 'standard', label: 'standard', hint: 'waves that grow over hours; approvers look at a drawn part' },
    ],
    initial: () => suggested ?? undefined,
  };
}

export const aboutOperator: readonly InitQuestion[] = [
  {
    name: 'operatorName',
    flag: 'operator-name',
    message: 'Your name: the first operator. Or none, where there is one',
    nothing: 'none',
  },
  {
    name: 'operatorEmail',
    flag: 'operator-email',
    message: 'Your address',
    nothing: 'none',
  },
];

export type InitFlags = Readonly<Record<string, string | boolean | undefined>>;

export interface Source {
  readonly flags: InitFlags;
  /** What the file that is there says; null where there is none. What it leaves out is answered with nothing. */
  readonly stored: Readonly<Record<string, StoredSetting>> | null;
  readonly verbs: Pick<InitVerbs, 'whatIsWrong'>;
  /** Undefined: nobody can be asked. */
  readonly ask: Ask | undefined;
}

/** Takes answers from flags, from the file that is there, from a person; and remembers what nobody answered. */
export class AnswerBook {
  readonly missing: string[] = [];
  private readonly source: Source;
  private readonly given: Record<string, string | null> = {};
  private readonly newly = new Set<string>();

  constructor(source: Source) {
    this.source = source;
  }

  get answers(): Answers {
    return this.given;
  }

  /** Whether the answer was given in this run and not only kept. */
  isNew(name: string): boolean {
    return this.newly.has(name);
  }

  async take(questions: readonly InitQuestion[]): Promise<void> {
    for (const question of questions) this.given[question.name] = await this.answerTo(question);
  }

  /** Every setting that has a value. */
  values(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      Object.entries(this.given).filter((entry): entry is [string, string] => entry[1] !== null),
    );
  }

  set(name: string, value: string): void {
    this.given[name] = value;
  }

  private async answerTo(question: InitQuestion): Promise<string | null> {
    const { flags, stored, ask } = this.source;
    const flag = flags[camelCase(question.flag)];
    const kept = stored?.[question.name];
    if (typeof flag === 'string') {
      const value = await readFlag(flag);
      const wrong = this.wrongWith(question, value);
      if (wrong !== null) throw new Failure('usage', `--${question.flag}: ${wrong}`);
      this.newly.add(question.name);
      return value === question.nothing ? null : value;
    }
    if (ask === undefined) {
      if (kept !== undefined) return kept.value;
      if (stored !== null && question.nothing !== undefined) return null;
      this.missing.push(`--${question.flag}${question.nothing === undefined ? '' : ` (or ${question.nothing})`}`);
      return null;
    }
    const answer = await this.askFor(ask, question, kept);
    if (answer !== kept?.value) this.newly.add(question.name);
    return answer;
  }

  private async askFor(ask: Ask, question: InitQuestion, kept: StoredSetting | undefined): Promise<string | null> {
    const left = this.source.stored === null ? undefined : question.nothing;
    const initial = kept?.value ?? left ?? question.initial?.(this.given);
    if (question.choices !== undefined) return ask.choose(question.message, question.choices, initial);
    if (question.isSecret === true && kept !== undefined) {
      if (await ask.confirm(`${question.message}: keep ${kept.shown}?`, true)) return kept.value;
    }
    const answer = await ask.text({
      message: question.message,
      ...(question.example === undefined ? {} : { example: question.example }),
      ...(initial === undefined || (question.isSecret === true && kept !== undefined) ? {} : { initial }),
      check: (typed) => this.wrongWith(question, typed.trim()),
    });
    return answer.trim() === question.nothing ? null : answer.trim();
  }

  private wrongWith({ name, nothing, choices }: InitQuestion, value: string): string | null {
    if (value === nothing) return null;
    if (value === '') return nothing === undefined ? 'is empty' : `is empty; say ${nothing} for none`;
    if (choices !== undefined && !choices.some((one) => one.value === value)) {
      return `is ${choices.map((one) => one.value).join(' or ')}`;
    }
    return this.source.verbs.whatIsWrong(name, value);
  }
}

/** `@FILE` keeps a secret out of the shell's history and of the list of processes. */
async function readFlag(text: string): Promise<string> {
  if (!text.startsWith('@')) return text.trim();
  try {
    return (await readFile(text.slice(1), 'utf8')).trim();
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    throw new Failure('usage', `The file ${text.slice(1)} cannot be read (${code}).`);
  }
}

function camelCase(flag: string): string {
  return flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function senderOf(service: string, contact: string): string | undefined {
  const domain = /^[^\s@]+@([^\s@]+)$/.exec(contact)?.[1];
  return domain === undefined ? undefined : `${service.replace(/["<>]/g, '')} <security@${domain}>`;
}
