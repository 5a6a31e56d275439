-- Drills of halt and reversal: without a recent, passed one the right to start a rollout lapses. A drill runs on a database of
-- its own; nothing of its plans, people or mails is in this one.
CREATE TABLE allclear.drill (
  no           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  state        text NOT NULL CHECK (state IN ('running', 'passed', 'failed')),
  people       integer NOT NULL CHECK (people > 0),
  code_version text NOT NULL,
  begun_by     bigint NOT NULL REFERENCES allclear.operator (no),
  begun_at     timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  ended_at     timestamptz(3),
  -- What was measured, and by whom it was halted and approved; null while it runs.
  report       jsonb,
  CHECK ((state = 'running') = (ended_at IS NULL))
);
-- One at a time: people are asked to halt, and must not wonder which.
CREATE UNIQUE INDEX drill_running ON allclear.drill ((true)) WHERE state = 'running';
CREATE INDEX drill_passed ON allclear.drill (ended_at) WHERE state = 'passed';

-- Two may start one plan without a drill in a live attack. Their signed yes names the digest of this reason.
CREATE TABLE allclear.drill_override (
  no            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  plan_no       bigint NOT NULL REFERENCES allclear.plan (no),
  reason        text NOT NULL CHECK (reason <> ''),
  reason_digest text NOT NULL CHECK (reason_digest ~ '^[0-9a-f]{64}$'),
  asked_by      bigint NOT NULL REFERENCES allclear.operator (no),
  asked_at      timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (plan_no, reason_digest)
);

-- Whoever was there before this file is not locked out by it: their days are counted from now. Null: the first start of
-- all needs a passed drill.
ALTER TABLE allclear.deployment ADD COLUMN drills_counted_from timestamptz(3);
UPDATE allclear.deployment SET drills_counted_from = clock_timestamp();
