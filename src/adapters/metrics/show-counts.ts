import type { InstallationCounts } from '../../app/metrics/count-installation.ts';
import type { RolloutStatus, TrackStatus } from '../../app/rollout/read-status.ts';
import type { Level, Metrics } from './metrics.ts';

const phases = ['running', 'halted', 'finished'] as const;
const mailStates = ['waiting', 'sending', 'sent', 'unknown', 'refused', 'given-up'] as const;
const standings = ['not-asked', 'fresh', 'due-soon', 'lapsed', 'never'] as const;
const results = ['pass', 'fail', 'inconclusive'] as const;

/** Levels of the whole installation. A rollout that is finished is shown no more: what it did is in its status. */
export function makeCountLevels(metrics: Metrics): (counts: InstallationCounts) => void {
  const of = (name: `allclear_${string}`, help: string, ...labels: readonly string[]): Level =>
    metrics.level(name, help, labels);
  const levels = {
    unfinished: of('allclear_rollouts_unfinished', 'Rollouts with a track that runs or is halted.'),
    members: of('allclear_members', 'Members of unfinished rollouts by outcome.', 'subject', 'track', 'outcome'),
    inFlight: of('allclear_members_in_flight', 'Members that somebody acts on, or writes to, now.', 'subject', 'track'),
    phase: of('allclear_track_phase', '1 for the phase that a track is in.', 'subject', 'track', 'phase'),
    paused: of(
      'allclear_rollout_paused',
      '1 while a person paused it: nothing more of it begins, and nothing is halted.',
      'subject',
    ),
    wave: of('allclear_track_waves_opened', 'Waves that were opened.', 'subject', 'track'),
    gate: of('allclear_gate', '1 for what a gate says now.', 'subject', 'track', 'gate', 'result'),
    disputes: of('allclear_disputes', 'Readers who say "this is not right".', 'subject', 'kind'),
    untold: of('allclear_contained_untold', 'People contained whom no notice can have reached.', 'subject'),
    overdue: of(
      'allclear_contained_untold_overdue',
      'The same, once the first of them is past the deadline; else 0.',
      'subject',
    ),
    deadline: of(
      'allclear_contained_untold_deadline_timestamp_seconds',
      'When the first of them has to be told.',
      'subject',
    ),
    sensor: of('allclear_sensor_age_seconds', 'Since a sensor was last heard; -1 where it never was.', 'sensor'),
    workers: of(
      'allclear_workers',
      'Workers alive: heard within the last 10 seconds. 0 where all of a host that was heard within the hour are silent.',
      'host',
    ),
    heartbeat: of('allclear_worker_heartbeat_age_seconds', 'Since a worker of the host was last heard.', 'host'),
    permits: of('allclear_permits_overdue', 'Permits that nobody settled two minutes after their time.'),
    deferred: of('allclear_mails_waiting', 'Mails that were put off and are tried again.'),
    rateAllowed: of(
      'allclear_mail_rate_allowed',
      'Mails that a rate lets out in so many seconds.',
      'of',
      'seconds',
      'for',
    ),
    rateUsed: of('allclear_mail_rate_used', 'Mails that count against it now.', 'of', 'seconds'),
    drill: of('allclear_drill_standing', '1 for how the right to start stands, as far as drills go.', 'standing'),
    operatorMails: of('allclear_operator_mails', 'Mails of the last week to those who decide, by state.', 'state'),
    drillUntil: of(
      'allclear_drill_right_until_timestamp_seconds',
      'When the right to start lapses without another drill.',
    ),
    points: of('allclear_restore_points', 'Passwords sealed and not yet taken, and those held back.', 'state'),
  };

  function showTrack(subject: string, one: TrackStatus): void {
    const { track } = one;
    for (const [outcome, count] of Object.entries(one.counts)) levels.members.set(count, { subject, track, outcome });
    levels.inFlight.set(one.inFlight, { subject, track });
    levels.wave.set(one.wave.opened, { subject, track });
    for (const phase of phases) levels.phase.set(Number(one.phase === phase), { subject, track, phase });
    for (const { gate, result: said } of one.gates)
      for (const result of results) levels.gate.set(Number(said === result), { subject, track, gate, result });
  }

  function showRollout({ subject, tracks, disputes, containedUntold, pause }: RolloutStatus): void {
    levels.paused.set(Number(pause !== null), { subject });
    for (const track of tracks) showTrack(subject, track);
    levels.disputes.set(disputes.counted, { subject, kind: 'counted' });
    levels.disputes.set(disputes.scanners, { subject, kind: 'scanner' });
    if (containedUntold === null) return;
    levels.untold.set(containedUntold.count, { subject });
    levels.overdue.set(containedUntold.overdue ? containedUntold.count : 0, { subject });
    if (containedUntold.deadline !== null) levels.deadline.set(containedUntold.deadline.getTime() / 1_000, { subject });
  }

  function showDrill(drill: InstallationCounts['drill']): void {
    for (const standing of standings) levels.drill.set(Number(drill.kind === standing), { standing });
    if (drill.kind !== 'not-asked' && drill.until !== null) levels.drillUntil.set(drill.until.getTime() / 1_000);
  }

  return (counts) => {
    for (const level of Object.values(levels)) level.clear();
    levels.unfinished.set(counts.unfinished);
    for (const rollout of counts.rollouts) showRollout(rollout);
    levels.sensor.set(counts.sensorAgeSeconds ?? -1, { sensor: 'disputes' });
    for (const { host, count, silentSeconds } of counts.workers) {
      levels.workers.set(count, { host });
      levels.heartbeat.set(silentSeconds, { host });
    }
    levels.permits.set(counts.overduePermits);
    levels.deferred.set(counts.deferredMails);
    for (const state of mailStates) levels.operatorMails.set(counts.operatorMails[state] ?? 0, { state });
    showDrill(counts.drill);
    levels.points.set(counts.restorePoints.sealed, { state: 'sealed' });
    levels.points.set(counts.restorePoints.open, { state: 'open' });
    for (const rate of counts.mailRates) {
      const labels = { of: rate.key, seconds: String(rate.windowSeconds) };
      levels.rateAllowed.set(rate.allowed, { ...labels, for: 'all' });
      levels.rateAllowed.set(rate.forNotices, { ...labels, for: 'notices' });
      levels.rateUsed.set(rate.used, labels);
    }
  };
}
