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

-- Mail to everybody who decides, about changes of who may decide, halts and changed limits. The ledger is the outbox: what is to be told was
-- written in the transaction that did it, and is read from there, so that no mail can ever keep a halt or a change from committing.
CREATE TABLE allclear.bulletin (
  no    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- Of its entry in the installation's chain.
  seq   bigint NOT NULL UNIQUE,
  event text NOT NULL,
  at    timestamptz(3) NOT NULL
);
CREATE TABLE allclear.bulletin_mail (
  bulletin_no bigint NOT NULL REFERENCES allclear.bulletin (no) ON DELETE CASCADE,
  operator_no bigint NOT NULL REFERENCES allclear.operator (no),
  state       text NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'unknown', 'refused', 'given-up')),
  tries       integer NOT NULL DEFAULT 0,
  -- When it may be tried again; of one that is being sent: when nobody is sending it any more.
  next_at     timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  note        text,
  PRIMARY KEY (bulletin_no, operator_no)
);
CREATE INDEX bulletin_mail_due ON allclear.bulletin_mail (next_at) WHERE state IN ('waiting', 'sending');
-- How far the installation's chain was read for bulletins.
CREATE TABLE allclear.bulletin_place (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  seq      bigint NOT NULL
);

-- The settings that decide who is reached and how, as the server last saw them. No secret is among them.
CREATE TABLE allclear.policy_seen (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  facts    jsonb NOT NULL,
  seen_at  timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);

-- A role that two people agreed on and that is not held yet: one that gives more begins later, so that others can object.
ALTER TABLE allclear.operator
  ADD COLUMN next_role text CHECK (next_role IN ('operator', 'approver', 'agent', 'auditor')),
  ADD COLUMN next_role_from timestamptz(3),
  ADD CHECK ((next_role IS NULL) = (next_role_from IS NULL));
