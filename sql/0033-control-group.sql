-- The control group of a plan: unaffected look-alikes, drawn when it is frozen. Nothing is done to them and nobody is told.
CREATE TABLE allclear.plan_control (
  plan_no        bigint NOT NULL REFERENCES allclear.plan (no),
  ordinal        int NOT NULL,
  -- NULL: erased. They are forgotten when there is nothing left to look at.
  account_id     text,
  -- SHA-256 of the plan's salt and the account id: what the plan's digest covers, and what stays after an erasure.
  account_digest text NOT NULL,
  PRIMARY KEY (plan_no, ordinal)
);
CREATE UNIQUE INDEX plan_control_account ON allclear.plan_control (account_id, plan_no) WHERE account_id IS NOT NULL;

-- So long after the notices of a wave it is counted who signed in again, beside the control group in the same time. Counts
-- alone: when anybody signed in is not kept.
CREATE TABLE allclear.sign_in_count (
  plan_no           bigint NOT NULL REFERENCES allclear.plan (no),
  wave              int NOT NULL,
  age_seconds       int NOT NULL,
  told_at           timestamptz NOT NULL,
  due_at            timestamptz NOT NULL,
  -- A worker that is at it; another one takes over when it did not come back.
  claimed_until     timestamptz,
  read_at           timestamptz,
  -- From when sign-ins of the control group count: when half of the wave was contained.
  counted_from      timestamptz,
  people            int,
  signed_in         int,
  control           int,
  control_signed_in int,
  PRIMARY KEY (plan_no, wave, age_seconds),
  CHECK (num_nulls(read_at, people, signed_in, control, control_signed_in) IN (0, 5)),
  CHECK (signed_in <= people AND control_signed_in <= control)
);
CREATE INDEX sign_in_count_due ON allclear.sign_in_count (due_at) WHERE read_at IS NULL;
