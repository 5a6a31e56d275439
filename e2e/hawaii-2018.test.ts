import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Person } from '../examples/chirp/population/ground-truth.ts';
import { generateObservedList } from '../examples/generator/generate-observed-list.ts';
import { plainPeople, untilDrained } from '../examples/scenarios/campaign.ts';
import { findWrong, lettersOf, untouched } from '../examples/scenarios/check-world.ts';
import { countYeses } from '../examples/scenarios/hawaii-2018.ts';
import { mailKindsOf, readCredentials } from '../examples/scenarios/observe-world.ts';
import type { PlanId } from '../src/domain/shared/ids.ts';
import { describeIfInstalled } from '../test/support/skip.ts';
import { chromiumCommand, openBrowser } from './browser.ts';
import { seatCast } from './cast.ts';
import type { Cast } from './cast.ts';
import type { HolderSteps, Letter } from './holder-steps.ts';
import { openWatchedWorld } from './watched-world.ts';
import type { WatchedWorld } from './watched-world.ts';

const namedPeople = 60;
/** The two waves that are told before it is known: enough people that the final word takes two. */
const toldPeople = 50;
const population = 250;
const hourMs = 3_600_000;
/** Events are awaited; this says that they do not come. */
const phaseTimeoutMs = 90_000;
/** From "we know" to the last holding letter handed over, by the acceptance of this accident. */
const holdingWithinMs = 60_000;

/** The second wave is watched for as long as the test may take: it is known to be false meanwhile. */
const settings = {
  ALLCLEAR_LIMIT_TELL_WAVE_SIZES: '10,40,1000',
  ALLCLEAR_LIMIT_TELL_SOAK_SECONDS: '0,600',
  ALLCLEAR_LIMIT_CONTAIN_WAVE_SIZES: '10,40,1000',
  ALLCLEAR_LIMIT_CONTAIN_SOAK_SECONDS: '0',
};

describeIfInstalled(chromiumCommand, 'the accident of January 2018 is played in browsers', () => {
  let watched: WatchedWorld;
  let browser: Browser;
  let cast: Cast;
  let holder: HolderSteps;
  let people: readonly Person[] = [];
  let before: ReadonlyMap<string, string | null>;
  let told: ReadonlySet<string> = new Set();
  let notice: Letter;
  let plan = '' as PlanId;
  let yesesToThePlan = 0;

  beforeAll(async () => {
    watched = await openWatchedWorld({ keep: population, settings });
    browser = await openBrowser();
    cast = await seatCast(browser, watched);
    before = await readCredentials(watched.world.chirp.databaseUrl);
    // In the holder's language, so that whoever is told first can be the holder.
    const readers = plainPeople(watched.world, 2018).filter(({ language }) => language === 'en');
    people = readers.slice(0, namedPeople);
  });

  afterAll(async () => {
    await browser?.close();
    await watched?.close();
  });

  async function chooseHolder(): Promise<Person> {
    const { sample } = await watched.world.services.showPlan(plan);
    const first = new Set<string>(sample.map(({ accountId }) => accountId));
    const chosen = people.find(({ accountId }) => first.has(accountId));
    if (chosen === undefined) throw new Error('nobody of the drill is among the first targets of the plan');
    return chosen;
  }

  it('a drill is taken for real: a plan is agreed to, started, and fifty people are told', async () => {
    const { cho, ann, ben } = cast;
    const { world } = watched;
    const { csv } = generateObservedList({
      seed: 2018,
      people,
      accounts: namedPeople,
      trueShare: 0,
      rule: 'drill',
      from: new Date(Date.now() - 2 * hourMs),
      until: new Date(Date.now() - hourMs),
      dirtShare: 0,
    });
    const batch = await cho.importList({ name: 'drill.csv', text: csv, kind: 'observed', source: 'drill' });
    const drawn = await cho.drawUp(batch);
    plan = drawn.plan as PlanId;
    expect(drawn.total).toBe(namedPeople);
    await ann.sayYesToPlan(plan, drawn.total);
    await ben.sayYesToPlan(plan, drawn.total);
    holder = await cast.holder(await chooseHolder());
    await cho.start(plan, drawn.total);
    notice = await holder.readLetter('notice');
    expect(await holder.signIn()).toBe('refused');
    await expect.poll(() => lettersOf(world, 'notice'), { timeout: phaseTimeoutMs }).toBe(toldPeople);
    yesesToThePlan = await countYeses(world);
  });

  it('whoever sees it halts it from where they are, by two key presses', async () => {
    const { world } = watched;
    await cast.ann.open('/', 'Home');
    const said = await cast.ann.haltEverything();
    expect(said).toContain(plan);
    await untilDrained(world, plan, phaseTimeoutMs);
    const tolds = people.filter(({ address }) => mailKindsOf(world.mailbox, address).includes('notice'));
    told = new Set(tolds.map(({ accountId }) => accountId));
    expect(told.size).toBe(toldPeople);
    const { tracks } = await world.services.readRolloutStatus(plan);
    expect(tracks.map(({ phase }) => phase)).toEqual(['halted', 'halted']);
  });

  it('one person says "we are checking" to everyone told, at once and without a new approval', async () => {
    const { ann } = cast;
    const { world } = watched;
    await ann.somethingIsWrong(plan);
    expect(await ann.sayThatWeAreChecking()).toBe(toldPeople);
    await expect.poll(() => lettersOf(world, 'holding'), { timeout: holdingWithinMs }).toBe(toldPeople);
    expect(await countYeses(world)).toBe(yesesToThePlan);

    const letter = await holder.readLetter('holding');
    expect(letter.subject).toBe('We are checking the notice about your Chirp password');
    const answer = await holder.check(await holder.followLink(), notice.number);
    expect(answer).toContain('We are checking whether our notice to you was right.');
    expect(await holder.signIn()).toBe('refused');
  });

  it('the final word waits for a second yes, on the page and on the server', async () => {
    const { cho, ann } = cast;
    const { world } = watched;
    await cho.somethingIsWrong(plan);
    await cho.withdraw('rule-wrong', 'It was a drill.');
    expect(await cho.drawUpRetraction()).toMatchObject({ restore: toldPeople, keep: 0, person: 0 });
    await ann.sayYesToRetraction(plan);
    await ann.page.getByText('1 of 2 people said yes.').waitFor();
    expect(await ann.mayGo()).toBe(false);
    const [retraction] = await world.services.retractionsOf(plan);
    if (retraction === undefined) throw new Error('nothing was drawn up');
    const early = await world.services.startRetraction(retraction.retraction, world.crew.approvers[0].id);
    expect(early.kind).toBe('waiting');
    expect(lettersOf(world, 'final')).toBe(0);
    expect(await holder.signIn()).toBe('refused');
  });

  it('with the second yes everyone told reads that it was wrong, and has the old password again', async () => {
    const { ben } = cast;
    const { world } = watched;
    await ben.sayYesToRetraction(plan);
    await ben.go();
    await ben.untilEveryAccountIsClosed(phaseTimeoutMs);
    expect(lettersOf(world, 'final')).toBe(toldPeople);
    const findings = await findWrong(world, before, ({ accountId }) =>
      told.has(accountId) ? { letters: 'notice holding final', password: 'old', isSignedOut: true } : untouched,
    );
    expect(findings).toEqual([]);

    const letter = await holder.readLetter('final');
    expect(letter.text).toContain(notice.number);
    const answer = await holder.check(await holder.followLink(), notice.number);
    expect(answer).toContain('Our notice to you was a mistake: ours, not yours.');
    expect(await holder.signIn()).toBe('in');
    const statement = await holder.readStatement(plan);
    expect(statement).toMatchObject({
      'Told that their password was reset': String(toldPeople),
      'Written to that we are checking': String(toldPeople),
      'Told of our mistake': String(toldPeople),
      'Given their password back': String(toldPeople),
    });
  });

  it('nothing serious stands in a reader’s way on any of these pages, and none complained of anything', () => {
    expect(cast.lookOver.places().length).toBeGreaterThan(12);
    expect(cast.lookOver.findings()).toEqual([]);
    expect(cast.errors()).toEqual([]);
  });
});
