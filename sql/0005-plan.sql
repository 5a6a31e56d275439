-- A plan is frozen when it is made: rows are written once and never updated. Its digest is over `header`,
-- which holds the digests of the ordered targets and exclusions.

CREATE TABLE allclear.plan (
  no            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  directory     text NOT NULL,
  action        text NOT NULL,
  author_no     bigint NOT NULL REFERENCES allclear.operator (no),
  -- The exact RFC 8785 text; digest = SHA-256 of its UTF-8 bytes. NULL while the rows are still being written.
  header        text,
  digest        text UNIQUE,
  total         int CHECK (total > 0),
  code_version  text NOT NULL,
  -- Salt of the address digests: stays here, so that an export does not let anyone guess addresses.
  address_salt  text NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  CHECK ((header IS NULL) = (digest IS NULL) AND (header IS NULL) = (total IS NULL))
);

-- Targets before they have an order. Unlogged: a crash while drafting loses a draft, nothing else.
CREATE UNLOGGED TABLE allclear.plan_draft_row (
  plan_no           bigint NOT NULL,
  sort_key          text NOT NULL,
  account_id        text NOT NULL,
  lane              text NOT NULL,
  effect            text NOT NULL,
  tell              boolean NOT NULL,
  address           text,
  address_digest    text,
  language          text,
  credential_digest text,
  evidence_nos      bigint[] NOT NULL,
  reason            text NOT NULL,
  notice_number     text NOT NULL,
  PRIMARY KEY (plan_no, account_id)
);

CREATE TABLE allclear.plan_target (
  plan_no           bigint NOT NULL REFERENCES allclear.plan (no),
  ordinal           int NOT NULL,
  account_id        text NOT NULL,
  lane              text NOT NULL,
  effect            text NOT NULL CHECK (effect IN ('quarantine', 'end-sessions')),
  -- Position on each track; NULL: not on that track. Every target is contained; only some are told.
  contain_ordinal   int NOT NULL,
  tell_ordinal      int,
  -- Address of record, byte for byte: the envelope recipient (I6).
  address           text,
  address_digest    text,
  language          text,
  credential_digest text,
  evidence_nos      bigint[] NOT NULL,
  reason            text NOT NULL,
  notice_number     text NOT NULL,
  PRIMARY KEY (plan_no, ordinal)
);
CREATE UNIQUE INDEX plan_target_account ON allclear.plan_target (plan_no, account_id);
CREATE UNIQUE INDEX plan_target_tell ON allclear.plan_target (plan_no, tell_ordinal) WHERE tell_ordinal IS NOT NULL;
CREATE UNIQUE INDEX plan_target_notice ON allclear.plan_target (notice_number);
CREATE INDEX plan_target_by_account ON allclear.plan_target (account_id);

-- Who the evidence met and the plan leaves alone, each with its reason.
CREATE TABLE allclear.plan_exclusion (
  plan_no    bigint NOT NULL REFERENCES allclear.plan (no),
  account_id text NOT NULL,
  reason     text NOT NULL,
  PRIMARY KEY (plan_no, account_id)
);
