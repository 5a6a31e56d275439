import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Person } from '../examples/chirp/population/ground-truth.ts';
import { passwordOf } from '../examples/chirp/population/ground-truth.ts';
import { generateObservedList } from '../examples/generator/generate-observed-list.ts';
import { findWrong, untouched } from '../examples/scenarios/check-world.ts';
import { untilDrained, untilPhase } from '../examples/scenarios/campaign.ts';
import { mailKindsOf, readCredentials } from '../examples/scenarios/observe-world.ts';
import { startReaders } from '../examples/scenarios/readers.ts';
import type { Readers } from '../examples/scenarios/readers.ts';
import type { PlanId } from '../src/domain/shared/ids.ts';
import { describeIfInstalled } from '../test/support/skip.ts';
import { chromiumCommand, desktop, openBrowser, openPerson, phone, seriousFindings } from './browser.ts';
import { holderSteps } from './holder-steps.ts';
import type { Letter } from './holder-steps.ts';
import { operatorSteps } from './operator-steps.ts';
import type { OperatorSteps } from './operator-steps.ts';
import { openWatchedWorld } from './watched-world.ts';
import type { WatchedWorld, Watcher } from './watched-world.ts';

/** Accounts that the wrong rule names, and how many of them a thief is really inside of. */
const namedAccounts = 60;
const trueShare = 0.1;
const hourMs = 3_600_000;
/** More of them press than usual: with so few people told, two presses have to be enough and sure to come. */
const pressRates = { wronglyTold: 0.3, rightlyTold: 0 };
const firstWave = 10;
const phaseTimeoutMs = 60_000;

/** Every target is reviewed, and three waves: the second is watched long enough for its readers. */
const settings = {
  ALLCLEAR_PROFILE: 'small',
  ALLCLEAR_LIMIT_TELL_WAVE_SIZES: `${firstWave},30,500`,
  ALLCLEAR_LIMIT_TELL_SOAK_SECONDS: '8,30',
  ALLCLEAR_LIMIT_CONTAIN_WAVE_SIZES: `${firstWave},30,500`,
  ALLCLEAR_LIMIT_CONTAIN_SOAK_SECONDS: '0',
};

/** What Chirp's own rows and the mailboxes held when it was halted. */
interface AtHalt {
  readonly credentials: ReadonlyMap<string, string | null>;
  readonly told: ReadonlySet<string>;
}

describeIfInstalled(chromiumCommand, 'the accident of March 2014 is played in browsers', () => {
  let watched: WatchedWorld;
  let browser: Browser;
  let people: readonly Watcher[] = [];
  let cho: OperatorSteps;
  let ann: OperatorSteps;
  let ben: OperatorSteps;
  let holder: ReturnType<typeof holderSteps>;
  let readers: Readers | null = null;
  let list: ReturnType<typeof generateObservedList>;
  let before: ReadonlyMap<string, string | null>;
  let atHalt: AtHalt;
  let notice: Letter;
  let batch = '';
  let plan = '' as PlanId;
  let total = 0;

  beforeAll(async () => {
    watched = await openWatchedWorld({ keep: 400, settings });
    browser = await openBrowser();
    const { world, consoleUrl } = watched;
    const { author, approvers } = world.crew;
    const seats = [
      await watched.seat(browser, author, desktop),
      await watched.seat(browser, approvers[0], desktop),
      await watched.seat(browser, approvers[1], phone),
      await openPerson(browser, phone),
    ] as const;
    people = seats;
    cho = operatorSteps(seats[0].page, consoleUrl);
    ann = operatorSteps(seats[1].page, consoleUrl);
    ben = operatorSteps(seats[2].page, consoleUrl);
    before = await readCredentials(world.chirp.databaseUrl);
    list = generateObservedList({
      seed: 2014,
      people: world.chirp.truth.people,
      accounts: namedAccounts,
      trueShare,
      rule: 'sign-in-from-known-bad-network',
      from: new Date(Date.now() - 2 * hourMs),
      until: new Date(Date.now() - hourMs),
    });
  });

  afterAll(async () => {
    await readers?.stop();
    await browser?.close();
    await watched?.close();
  });

  const person = (accountId: string): Person => {
    const found = watched.world.chirp.truth.people.find((one) => one.accountId === accountId);
    if (found === undefined) throw new Error(`${accountId} is nobody`);
    return found;
  };
  const isCompromised = (address: string): boolean =>
    watched.world.chirp.truth.people.some(
      (one) => one.address === address && list.truth.compromised.has(one.accountId),
    );
  /** Those of whom a password is in the list that comes in meanwhile; a thief needs none to be inside. */
  const findStolen = (): readonly Person[] =>
    [...list.truth.compromised].map(person).filter((one) => passwordOf(one) !== null);
  const expectNothingInTheWay = async ({ page }: Pick<Watcher, 'page'>): Promise<void> => {
    await page.waitForLoadState('networkidle');
    expect(await seriousFindings(page)).toEqual([]);
  };

  it('a wrong rule’s list is imported, drawn up as a plan, and agreed to by two others who looked at every target', async () => {
    batch = await cho.importList({
      name: 'rule.csv',
      text: list.csv,
      kind: 'observed',
      source: 'sign-in-rule',
    });
    const drawn = await cho.drawUp(batch);
    plan = drawn.plan as PlanId;
    total = drawn.total;
    expect(total).toBe(namedAccounts);
    const reviewed = await Promise.all([ann.reviewAsRight(plan), ben.reviewAsRight(plan)]);
    expect(reviewed).toEqual([total, total]);
    await ann.sayYesToPlan(plan, total);
    await ben.sayYesToPlan(plan, total);
    expect(watched.world.mailbox.count()).toBe(0);
    expect(await readCredentials(watched.world.chirp.databaseUrl)).toEqual(before);
  });

  it('a holder is told, finds the old password refused, checks the notice, and says that it is not right', async () => {
    const { world } = watched;
    const { sample } = await world.services.showPlan(plan);
    const chosen = sample
      .map(({ accountId }) => person(accountId))
      .find(
        (one) =>
          one.language === 'en' &&
          one.addressConfirmed &&
          one.addressChangedAt === null &&
          !one.staff &&
          !one.business &&
          passwordOf(one) !== null &&
          list.truth.innocent.has(one.accountId),
      );
    if (chosen === undefined) throw new Error('nobody plain is among the first ten');
    const watcher = people[3];
    if (watcher === undefined) throw new Error('the holder has no browser');
    holder = holderSteps(watcher.page, watched, chosen);
    expect(await holder.signIn()).toBe('in');

    await cho.start(plan, total);
    notice = await holder.readLetter('notice');
    expect(notice.subject).toBe('We have reset your Chirp password');
    expect(await holder.isSignedIn()).toBe(false);
    expect(await holder.signIn()).toBe('refused');
    await holder.readLetter('notice');
    const page = await holder.followLink();
    const answer = await holder.check(page, notice.number);
    expect(answer).toContain('We sent this number to that address');
    expect(answer).toContain(notice.subject);
    await holder.dispute(page);
    const { disputes } = await world.services.readRolloutStatus(plan);
    expect(disputes.counted).toBe(1);
  });

  it('others who read their mail press as well, and the gate halts before everybody was told', async () => {
    const { world } = watched;
    readers = startReaders({
      mailbox: world.mailbox,
      serverUrl: world.serverUrl,
      isRight: isCompromised,
      rates: pressRates,
      seed: 2014,
    });
    await untilPhase(world, plan, ['contain', 'tell'], ['halted'], phaseTimeoutMs);
    await readers.stop();
    await untilDrained(world, plan, phaseTimeoutMs);
    const told = world.chirp.truth.people.filter((one) => mailKindsOf(world.mailbox, one.address).includes('notice'));
    atHalt = {
      credentials: await readCredentials(world.chirp.databaseUrl),
      told: new Set(told.map((one) => one.accountId)),
    };
    expect(told.length).toBeLessThan(namedAccounts);
    await ann.somethingIsWrong(plan);
  });

  it('one person says that we are checking, and the truly stolen are found meanwhile', async () => {
    expect(await ann.sayThatWeAreChecking()).toBe(atHalt.told.size);
    const stolen = findStolen();
    await cho.importList({
      name: 'leak.txt',
      text: stolen.map((one) => `${one.address}:${passwordOf(one) ?? ''}\n`).join(''),
      kind: 'credentials',
      source: 'leaked-list',
    });
    const letter = await holder.readLetter('holding');
    expect(letter.text).toContain(notice.number);
  });

  it('the rule is withdrawn, two say yes, and everyone who was wrongly hit has the old password again', async () => {
    const { world } = watched;
    await cho.somethingIsWrong(plan);
    const withdrawn = await cho.withdraw('rule-wrong', 'The rule took an office network for a thief.');
    expect(withdrawn.heldByOther).toBe(findStolen().length);
    const owed = await cho.drawUpRetraction();
    const taken = [...before].filter(([account, hash]) => atHalt.credentials.get(account) !== hash);
    const stolen = taken.filter(([account]) => list.truth.compromised.has(account));
    expect(owed).toMatchObject({ restore: taken.length - stolen.length, keep: stolen.length, person: 0 });
    await ann.sayYesToRetraction(plan);
    await ben.sayYesToRetraction(plan);
    await ben.go();
    await ben.page.getByText('Every account is closed.').waitFor({ timeout: phaseTimeoutMs });

    const findings = await findWrong(world, before, ({ accountId }) => {
      const isStolen = list.truth.compromised.has(accountId);
      const wasTaken = atHalt.credentials.get(accountId) !== before.get(accountId);
      const letters = !atHalt.told.has(accountId) ? '' : isStolen ? 'notice holding confirmed' : 'notice holding final';
      return { ...untouched, letters, password: wasTaken && isStolen ? 'taken' : 'old' };
    });
    expect(findings).toEqual([]);
  });

  it('the holder reads the correction where the notice was, finds both on its page, and signs in as before', async () => {
    const letter = await holder.readLetter('final');
    expect(letter.subject).toBe('A correction about your Chirp password');
    expect(letter.text).toContain(notice.number);
    const page = await holder.followLink();
    const answer = await holder.check(page, notice.number);
    expect(answer).toContain('Our notice to you was a mistake: ours, not yours.');
    expect(answer).toContain('We have given your password back');
    expect(answer).toContain(letter.subject);
    await expectNothingInTheWay({ page });
    expect(await holder.signIn()).toBe('in');
  });

  it('no page complained of anything on the way', () => {
    expect(people.flatMap(({ errors }) => errors)).toEqual([]);
  });
});
