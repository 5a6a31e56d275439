-- A rollout is stored truth that workers reconcile. One per plan and one per retraction.

CREATE TABLE allclear.rollout (
  no           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind         text NOT NULL CHECK (kind IN ('plan', 'retraction')),
  subject_no   bigint NOT NULL,
  digest       text NOT NULL,
  code_version text NOT NULL,
  started_by   bigint NOT NULL REFERENCES allclear.operator (no),
  started_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (kind, subject_no)
);

CREATE TABLE allclear.track (
  rollout_no       bigint NOT NULL REFERENCES allclear.rollout (no),
  track            text NOT NULL CHECK (track IN ('contain', 'tell', 'holding', 'late', 'restore', 'correct')),
  phase            text NOT NULL CHECK (phase IN ('running', 'halted', 'finished')),
  reasons          text[] NOT NULL DEFAULT '{}',
  -- Permits carry the epoch under which they were taken; a halt adds one.
  epoch            int NOT NULL DEFAULT 1,
  members          int NOT NULL,
  -- Cumulative ends: wave w holds the ordinals from wave_ends[w-1] to wave_ends[w] - 1.
  wave_ends        int[] NOT NULL,
  soak_seconds     int[] NOT NULL,
  -- How many waves were opened; ordinals below open_to may be claimed, those below next_ordinal have a permit row.
  waves_opened     int NOT NULL DEFAULT 0,
  open_to          int NOT NULL DEFAULT 0,
  next_ordinal     int NOT NULL DEFAULT 0,
  wave_opened_at   timestamptz,
  -- When every member of the open wave had a settled outcome: the soak counts from here.
  wave_settled_at  timestamptz,
  halted_at        timestamptz,
  halted_by        text,
  PRIMARY KEY (rollout_no, track)
);

-- The lease row of a range and its outcome vector in one: one byte per ordinal (architecture.md, "Outcomes are packed").
CREATE TABLE allclear.permit (
  rollout_no   bigint NOT NULL,
  track        text NOT NULL,
  from_ordinal int NOT NULL,
  size         int NOT NULL CHECK (size BETWEEN 1 AND 1000),
  wave         int NOT NULL,
  state        text NOT NULL CHECK (state IN ('open', 'returned', 'settled')),
  attempt      int NOT NULL DEFAULT 1,
  epoch        int NOT NULL,
  holder       text NOT NULL,
  host         text NOT NULL,
  taken_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at   timestamptz NOT NULL,
  -- A returned range may be claimed again from here (deferred mail waits; released mail does not).
  due_at       timestamptz,
  outcome      bytea NOT NULL,
  settled_at   timestamptz,
  PRIMARY KEY (rollout_no, track, from_ordinal),
  FOREIGN KEY (rollout_no, track) REFERENCES allclear.track (rollout_no, track),
  CHECK (octet_length(outcome) = size)
);
CREATE INDEX permit_unsettled ON allclear.permit (rollout_no, track, state) WHERE state <> 'settled';

-- Why, for the outcomes that are not the usual one; and the reply of an accepted mail is not kept here.
CREATE TABLE allclear.outcome_note (
  rollout_no bigint NOT NULL,
  track      text NOT NULL,
  ordinal    int NOT NULL,
  attempt    int NOT NULL,
  state      text NOT NULL,
  note       text NOT NULL,
  at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (rollout_no, track, ordinal, attempt)
);

-- Members of the tracks that are drawn up after the plan was frozen: holding, late, correct.
CREATE TABLE allclear.letter (
  rollout_no    bigint NOT NULL REFERENCES allclear.rollout (no),
  track         text NOT NULL,
  ordinal       int NOT NULL,
  account_id    text NOT NULL,
  -- Ordinal of the plan's target, whose address, language and evidence this letter uses.
  plan_no       bigint NOT NULL,
  plan_ordinal  int NOT NULL,
  template_kind text NOT NULL,
  -- The original may or may not have arrived: conditional words.
  conditional   boolean NOT NULL,
  notice_number text NOT NULL,
  PRIMARY KEY (rollout_no, track, ordinal)
);
CREATE UNIQUE INDEX letter_once ON allclear.letter (plan_no, account_id, template_kind);
CREATE UNIQUE INDEX letter_notice ON allclear.letter (notice_number);

-- "This is not right": one per notice number; presses that look like a mail scanner's are kept and not counted.
CREATE TABLE allclear.dispute (
  notice_number text PRIMARY KEY,
  rollout_no    bigint NOT NULL REFERENCES allclear.rollout (no),
  track         text NOT NULL,
  ordinal       int NOT NULL,
  counted       boolean NOT NULL,
  pressed_at    timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX dispute_by_rollout ON allclear.dispute (rollout_no);

-- A sensor that is silent stops the taking of permits.
CREATE TABLE allclear.sensor (
  name    text PRIMARY KEY,
  seen_at timestamptz NOT NULL
);

CREATE TABLE allclear.worker (
  id           text PRIMARY KEY,
  host         text NOT NULL,
  pid          int NOT NULL,
  code_version text NOT NULL,
  started_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  seen_at      timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- One row per member that has a permit row, with its outcome byte: for counts and lists, never for claims.
CREATE VIEW allclear.member_outcome AS
  SELECT p.rollout_no, p.track, p.from_ordinal + i AS ordinal, get_byte(p.outcome, i) AS state, p.state = 'open' AS in_flight
  FROM allclear.permit p CROSS JOIN LATERAL generate_series(0, p.size - 1) AS i;
