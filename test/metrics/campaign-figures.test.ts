import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { approvedPlan, importObserved, plainPeople, untilDrained } from '../../examples/scenarios/campaign.ts';
import { tokenOf } from '../../examples/scenarios/people.ts';
import { startProcess } from '../../examples/scenarios/processes.ts';
import { openWorld } from '../../examples/scenarios/world.ts';
import type { World } from '../../examples/scenarios/world.ts';
import type { RolloutStatus } from '../../src/app/rollout/read-status.ts';
import type { PlanId } from '../../src/domain/shared/ids.ts';
import { declaredNames, readExposition, samplesOf, valueOf } from './read-exposition.ts';
import type { Sample } from './read-exposition.ts';

const people = 60;
let world: World;
let plan: PlanId;
let text = '';
let samples: readonly Sample[] = [];
let status: RolloutStatus;
let authorization: Record<string, string>;

/** A campaign of sixty, halted while its mails go out, and one scrape of the server that it left behind. */
beforeAll(async () => {
  world = await openWorld({
    keep: 120,
    mailDelayMs: 5,
    settings: {
      ALLCLEAR_LIMIT_TELL_WAVE_SIZES: '10,50,1000',
      ALLCLEAR_LIMIT_TELL_SOAK_SECONDS: '0',
      ALLCLEAR_LIMIT_CONTAIN_WAVE_SIZES: '10,50,1000',
      ALLCLEAR_LIMIT_CONTAIN_SOAK_SECONDS: '0',
    },
  });
  authorization = { authorization: `Bearer ${await tokenOf(world.services, world.crew.approvers[0])}` };
  const named = plainPeople(world, 3).slice(0, people);
  const batch = await importObserved(world, named, 'a-rule');
  const drafted = await approvedPlan(world, [batch], { budget: 'attack' });
  plan = drafted.id;
  await importByHttp();
  await world.services.startRollout(plan, drafted.total, world.crew.author.id);
  await vi.waitFor(() => expect(world.mailbox.count()).toBeGreaterThan(20), { timeout: 60_000, interval: 5 });
  await world.services.haltRollout({ subject: plan, scope: 'all', by: world.crew.author.id, reason: 'a test' });
  await untilDrained(world, plan, 30_000);
  status = await world.services.readRolloutStatus(plan);
  text = await scrape();
  samples = readExposition(text);
}, 120_000);

afterAll(async () => world.close());

async function scrape(): Promise<string> {
  const answer = await fetch(`${world.serverUrl}/metrics`, { headers: authorization });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toContain('version=0.0.4');
  return answer.text();
}

/** Three lines that name nobody: they are read, and make no evidence. */
async function importByHttp(): Promise<void> {
  const query = new URLSearchParams({
    source: 'a forum',
    authority: 'outside',
    class: 'credentials',
    fileName: 'x.txt',
  });
  const answer = await fetch(`${world.serverUrl}/api/v1/evidence?${query.toString()}`, {
    method: 'POST',
    headers: { ...authorization, 'content-type': 'application/octet-stream' },
    body: 'nobody-1@nowhere.test:a\nnobody-2@nowhere.test:b\nnobody-3@nowhere.test:c\n',
  });
  expect(await answer.text()).toContain('"kind":"result"');
}

describe('the figures of a campaign', () => {
  test('are those of `rollout status`, member by member, and add up to the plan', () => {
    expect(status.phase).toBe('halted');
    for (const track of status.tracks) {
      const shown = samplesOf(samples, 'allclear_members', { subject: plan, track: track.track });
      expect(Object.fromEntries(shown.map((one) => [one.labels['outcome'], one.value]))).toEqual(track.counts);
      expect(shown.reduce((sum, one) => sum + one.value, 0)).toBe(track.members);
      expect(valueOf(samples, 'allclear_members_in_flight', { track: track.track })).toBe(0);
      const phases = samplesOf(samples, 'allclear_track_phase', { track: track.track, subject: plan });
      expect(phases.filter((one) => one.value === 1).map((one) => one.labels['phase'])).toEqual([track.phase]);
      for (const { gate, result } of track.gates)
        expect(valueOf(samples, 'allclear_gate', { track: track.track, gate, result })).toBe(1);
    }
    expect(status.containedUntold?.count).toBeGreaterThan(0);
    expect(valueOf(samples, 'allclear_contained_untold', { subject: plan })).toBe(status.containedUntold?.count);
    expect(valueOf(samples, 'allclear_contained_untold_overdue', { subject: plan })).toBe(0);
    expect(valueOf(samples, 'allclear_rollouts_unfinished')).toBe(1);
    expect(valueOf(samples, 'allclear_rollout_paused', { subject: plan })).toBe(0);
    expect(valueOf(samples, 'allclear_disputes', { subject: plan, kind: 'counted' })).toBe(0);
  });

  test('of mail are what the world got: every dot is a mail in a mailbox', () => {
    const mails = world.mailbox.count();
    expect(valueOf(samples, 'allclear_dots_total')).toBe(mails);
    expect(valueOf(samples, 'allclear_mails_total', { outcome: 'accepted', phase: 'replied' })).toBe(mails);
    expect(valueOf(samples, 'allclear_mail_replies_total', { class: '2xx' })).toBe(mails);
    expect(valueOf(samples, 'allclear_mail_seconds_count', { outcome: 'accepted' })).toBe(mails);
  });

  test('of permits and ledger are those of the ledger itself', async () => {
    const { rows } = await ledgerCounts();
    for (const { event, count } of rows)
      expect([event, valueOf(samples, 'allclear_ledger_entries_total', { event })]).toEqual([event, Number(count)]);
    const taken = samplesOf(samples, 'allclear_permits_total', { step: 'taken' });
    const settled = samplesOf(samples, 'allclear_permits_total', { step: 'settled' });
    const sum = (all: readonly Sample[]): number => all.reduce((total, one) => total + one.value, 0);
    expect(sum(taken)).toBeGreaterThan(4);
    expect(sum(settled)).toBe(sum(taken));
    expect(new Set(taken.map((one) => one.labels['track']))).toEqual(new Set(['contain', 'tell']));
  });

  test('show what keeps it going: sensor, workers, checkpoint, ledger, directory, connections, disks', () => {
    expect(valueOf(samples, 'allclear_sensor_age_seconds', { sensor: 'disputes' })).toBeLessThan(10);
    expect(samplesOf(samples, 'allclear_workers').map((one) => one.value)).toEqual([1]);
    expect(valueOf(samples, 'allclear_checkpoint_timestamp_seconds')).toBeGreaterThan(Date.now() / 1_000 - 600);
    expect(valueOf(samples, 'allclear_ledger_sound')).toBe(1);
    expect(
      valueOf(samples, 'allclear_directory_call_seconds_count', { call: 'quarantine', result: 'answered' }),
    ).toBeGreaterThan(0);
    expect(samplesOf(samples, 'allclear_database_connections')).toHaveLength(3);
    expect(valueOf(samples, 'allclear_disk_free_bytes', { folder: 'state' })).toBeGreaterThan(0);
    expect(samplesOf(samples, 'allclear_fence_closed').map((one) => one.value)).toEqual([0, 0]);
    expect(valueOf(samples, 'allclear_restore_points', { state: 'open' })).toBe(
      status.tracks.find((one) => one.track === 'contain')?.counts['contained'],
    );
    expect(valueOf(samples, 'allclear_import_lines_total')).toBe(3);
    expect(
      valueOf(samples, 'allclear_http_request_seconds_count', { route: '/healthz', status: '200' }),
    ).toBeGreaterThan(0);
    expect(valueOf(samples, 'allclear_metrics_failures_total')).toBe(0);
    expect(valueOf(samples, 'allclear_counts_age_seconds')).toBeLessThan(60);
    expect(valueOf(samples, 'nodejs_eventloop_lag_p99_seconds')).toBeDefined();
  });

  test('name nobody: no address, account, notice or digest is a label', () => {
    const shown = samples.flatMap((sample) => Object.values(sample.labels));
    expect(shown.filter((value) => value.includes('@') || /[0-9a-f]{32}/.test(value))).toEqual([]);
    for (const person of world.chirp.truth.people) {
      expect(text).not.toContain(person.address);
      expect(shown).not.toContain(person.accountId);
    }
    expect(samples.length).toBeLessThan(1_500);
  });

  test('are told to no stranger, whatever it sends', async () => {
    for (const headers of [{}, { authorization: 'Bearer nothing' }, { 'x-forwarded-for': '127.0.0.1' }]) {
      const answer = await fetch(`${world.serverUrl}/metrics`, { headers });
      expect(answer.status).toBe(401);
      expect(await answer.text()).not.toContain('allclear_');
    }
    const inUrl = await fetch(`${world.serverUrl}/metrics?token=${authorization['authorization']?.slice(7)}`);
    expect(inUrl.status).toBe(401);
  });
});

test('a worker shows its own figures to this machine, where a port is named, and knows nothing of the whole', async () => {
  const port = await freePort();
  const worker = await startProcess('worker', { ...world.env, ALLCLEAR_METRICS_PORT: String(port) });
  try {
    const shown = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    const names = declaredNames(shown);
    expect([...names]).toEqual(expect.arrayContaining(['allclear_dots_total', 'allclear_fence_closed']));
    // Each process that counted the installation would cost its database as much again.
    expect(names.has('allclear_members')).toBe(false);
    expect(valueOf(readExposition(shown), 'allclear_metrics_failures_total')).toBe(0);
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);
  } finally {
    await worker.stop();
  }
}, 60_000);

describe('the dashboard and the alert rules', () => {
  const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

  test('ask for no figure that is not there, and for no label that it does not have', () => {
    const names = declaredNames(text);
    const queries = [...dashboardQueries(read('deploy/grafana/allclear.json')), ...rules().map((rule) => rule.expr)];
    expect(queries.length).toBeGreaterThan(60);
    const unknown: string[] = [];
    for (const query of queries) {
      for (const [, name = '', , matchers = ''] of query.matchAll(
        /\b((?:allclear|process|nodejs)_\w+)(\{([^}]*)\})?/g,
      )) {
        if (!names.has(name)) unknown.push(`${name} in ${query}`);
        const labels = new Set(samples.filter((one) => one.name === name).flatMap((one) => Object.keys(one.labels)));
        for (const [, label = ''] of matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g))
          if (label !== 'job' && labels.size > 0 && !labels.has(label)) unknown.push(`${name} has no ${label}`);
      }
    }
    expect(unknown).toEqual([]);
  });

  test('look at every figure of ours at least once', () => {
    const all = read('deploy/grafana/allclear.json') + read('deploy/prometheus/allclear-rules.yaml');
    const ours = [...text.matchAll(/^# TYPE (allclear_\S+) /gm)].map(([, name = '']) => name);
    const left = [
      'allclear_metrics_failures_total',
      'allclear_counts_failures_total',
      'allclear_rollouts_unfinished',
      'allclear_workers',
    ];
    expect(ours.filter((name) => !all.includes(name) && !left.includes(name))).toEqual([]);
  });

  test('each rule says what happened and what to do, and pages only for harm', () => {
    expect(rules().length).toBeGreaterThan(15);
    for (const { alert, labels, annotations } of rules()) {
      expect([alert, Object.keys(annotations).toSorted()]).toEqual([alert, ['action', 'summary']]);
      expect(['page', 'ticket']).toContain(labels['severity']);
    }
  });

  interface Rule {
    readonly alert: string;
    readonly expr: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  }

  function rules(): readonly Rule[] {
    const file = parse(read('deploy/prometheus/allclear-rules.yaml')) as { groups: { rules: Rule[] }[] };
    return file.groups.flatMap((group) => group.rules);
  }
});

function dashboardQueries(file: string): readonly string[] {
  const board = JSON.parse(file) as {
    panels: { id: number; targets?: { expr: string }[] }[];
    templating: { list: { query: string }[] };
    annotations: { list: { expr: string }[] };
  };
  expect(new Set(board.panels.map((panel) => panel.id)).size).toBe(board.panels.length);
  return [
    ...board.panels.flatMap((panel) => (panel.targets ?? []).map((target) => target.expr)),
    ...board.templating.list.map((variable) => variable.query),
    ...board.annotations.list.map((annotation) => annotation.expr),
  ];
}

async function ledgerCounts(): Promise<{ rows: readonly { event: string; count: string }[] }> {
  const client = new pg.Client({ connectionString: world.env['DATABASE_URL'], options: '-c search_path=allclear' });
  await client.connect();
  try {
    return await client.query<{ event: string; count: string }>(
      `SELECT event, count(*) FROM ledger_entry WHERE event <> 'ledger.anchored' AND event NOT LIKE 'operator.%' GROUP BY event`,
    );
  } finally {
    await client.end();
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  return port;
}
