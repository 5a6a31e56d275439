-- An approver's own part of a plan: drawn once, read, judged. `draw_key` is made at the draw, so that nobody who drafts
-- plan after plan can wait for one whose draws miss what is wrong.
CREATE TABLE allclear.plan_review (
  plan_no     bigint NOT NULL REFERENCES allclear.plan (no),
  operator_no bigint NOT NULL REFERENCES allclear.operator (no),
  draw_key    text NOT NULL,
  drawn_at    timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (plan_no, operator_no)
);

CREATE TABLE allclear.plan_review_target (
  plan_no     bigint NOT NULL,
  operator_no bigint NOT NULL,
  ordinal     int NOT NULL,
  -- When its evidence was first shown to this reviewer; a verdict without it is refused.
  read_at     timestamptz(3),
  verdict     text CHECK (verdict IN ('right', 'wrong', 'cannot-tell')),
  judged_at   timestamptz(3),
  PRIMARY KEY (plan_no, operator_no, ordinal),
  FOREIGN KEY (plan_no, operator_no) REFERENCES allclear.plan_review (plan_no, operator_no),
  FOREIGN KEY (plan_no, ordinal) REFERENCES allclear.plan_target (plan_no, ordinal),
  CHECK (verdict IS NULL OR read_at IS NOT NULL),
  CHECK ((verdict IS NULL) = (judged_at IS NULL))
);
-- Asked at every permit: one wrong target blocks the plan.
CREATE INDEX plan_review_wrong ON allclear.plan_review_target (plan_no) WHERE verdict = 'wrong';

-- A second person who is not on the server's machine. Only the SHA-256 of the code is kept.
CREATE TABLE allclear.operator_invitation (
  no          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code_hash   text NOT NULL UNIQUE,
  name        text NOT NULL CHECK (name <> ''),
  email       text NOT NULL CHECK (email <> ''),
  -- Of the signed request, so that it invites once.
  nonce       text NOT NULL UNIQUE,
  invited_by  bigint NOT NULL REFERENCES allclear.operator (no),
  created_at  timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  expires_at  timestamptz(3) NOT NULL,
  -- Set when it was accepted, or when a newer invitation took its place.
  closed_at   timestamptz(3),
  accepted_by bigint REFERENCES allclear.operator (no)
);
