import { vi } from 'vitest';
import type { Person } from '../../examples/chirp/population/ground-truth.ts';
import { approvedPlan, importLeaked, plainPeople, untilPhase } from '../../examples/scenarios/campaign.ts';
import { mailsTo } from '../../examples/scenarios/observe-world.ts';
import { shortWaves } from '../../examples/scenarios/replay.ts';
import { openWorld } from '../../examples/scenarios/world.ts';
import type { World } from '../../examples/scenarios/world.ts';
import { parseMessage } from '../../src/adapters/embedded/mailbox-message.ts';
import type { PlanId } from '../../src/domain/shared/ids.ts';

/** Eight of our 31 symbols, alone in their line. */
const codeLine = /^\s*([2-9A-HJ-KM-NP-Z]{4}-[2-9A-HJ-KM-NP-Z]{4})\s*$/m;

export interface RecoveryWorld {
  readonly world: World;
  readonly plan: PlanId;
  /** People whose password was taken out of use and who were told. Each test takes some of its own. */
  take(fits?: (person: Person) => boolean): Person;
  /** Somebody of whom nothing is known. */
  takeUntouched(): Person;
  codeFor(person: { readonly address: string }, nth?: number): Promise<string>;
  countMails(address: string): number;
}

/** A world with one finished plan over `people` leaked passwords, and hosted recovery. */
export async function openRecoveryWorld(
  people: number,
  settings: Readonly<Record<string, string>> = {},
): Promise<RecoveryWorld> {
  const world = await openWorld({
    keep: 250,
    settings: { ...shortWaves, ALLCLEAR_RECOVERY: 'hosted', ALLCLEAR_TRUSTED_PROXIES: '127.0.0.1', ...settings },
  });
  const plain = plainPeople(world, 41);
  const hit = plain.slice(0, people);
  const rest = plain.slice(people);
  const batch = await importLeaked(world, hit, 'collection');
  const plan = await approvedPlan(world, [batch], { budget: 'attack' });
  await world.services.startRollout(plan.id, plan.total, world.crew.author.id);
  await untilPhase(world, plan.id, ['contain', 'tell'], ['finished'], 60_000);
  return {
    world,
    plan: plan.id,
    take: (fits = () => true) => some(hit, fits),
    takeUntouched: () => some(rest, () => true),
    async codeFor({ address }, nth = 1) {
      return vi.waitFor(
        async () => {
          const codes: string[] = [];
          for (const mail of mailsTo(world.mailbox, address)) {
            const code = codeLine.exec((await parseMessage(mail)).text)?.[1];
            if (code !== undefined) codes.push(code);
          }
          const code = codes[nth - 1];
          if (code === undefined) throw new Error('no code has come yet');
          return code;
        },
        { timeout: 5_000 },
      );
    },
    countMails: (address) => mailsTo(world.mailbox, address).length,
  };
}

function some(people: Person[], fits: (person: Person) => boolean): Person {
  const at = people.findLastIndex(fits);
  const [one] = at === -1 ? [] : people.splice(at, 1);
  if (one === undefined) throw new Error('the world has too few people for this test');
  return one;
}

export interface Browser {
  get(path: string): Promise<Response>;
  post(path: string, fields: Readonly<Record<string, string>>): Promise<Response>;
}

let networks = 0;

/** One browser on the pages of the server, in a network of its own: it keeps cookies and follows nothing by itself. */
export function openBrowser(url: string, network = nextNetwork()): Browser {
  const cookies = new Map<string, string>();
  async function call(path: string, init: RequestInit): Promise<Response> {
    const headers = new Headers({ 'x-forwarded-for': network, 'accept-language': 'en' });
    if (cookies.size > 0) headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '));
    const response = await fetch(new URL(path, url), { ...init, headers, redirect: 'manual' });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(name, value);
    }
    return response;
  }
  return {
    get: (path) => call(path, {}),
    post: (path, fields) => call(path, { method: 'POST', body: new URLSearchParams(fields) }),
  };
}

function nextNetwork(): string {
  networks += 1;
  return `203.0.113.${networks}`;
}

/** Through all pages to the new password; the last answer. */
export async function recover(
  { world, codeFor }: RecoveryWorld,
  person: Person,
  password: string,
  nth = 1,
): Promise<Response> {
  const browser = openBrowser(world.serverUrl);
  await browser.post('/recover', { address: person.address });
  await browser.post('/recover/code', { code: await codeFor(person, nth) });
  return browser.post('/recover/password', { password, again: password });
}
