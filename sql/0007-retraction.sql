-- A retraction is derived from the ledger and frozen like a plan: rows are written once and never updated.

CREATE TABLE allclear.retraction (
  no           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  plan_no      bigint NOT NULL REFERENCES allclear.plan (no),
  author_no    bigint NOT NULL REFERENCES allclear.operator (no),
  header       text,
  digest       text UNIQUE,
  affected     int,
  code_version text NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  CHECK ((header IS NULL) = (digest IS NULL) AND (header IS NULL) = (affected IS NULL))
);
CREATE INDEX retraction_by_plan ON allclear.retraction (plan_no);

CREATE TABLE allclear.retraction_target (
  retraction_no   bigint NOT NULL REFERENCES allclear.retraction (no),
  ordinal         int NOT NULL,
  account_id      text NOT NULL,
  plan_ordinal    int NOT NULL,
  decision        text NOT NULL CHECK (decision IN ('restore', 'keep', 'person', 'untouched')),
  reason          text NOT NULL,
  letter          text CHECK (letter IN ('final', 'confirmed')),
  conditional     boolean NOT NULL,
  restore_ordinal int,
  correct_ordinal int,
  PRIMARY KEY (retraction_no, ordinal)
);
CREATE INDEX retraction_target_account ON allclear.retraction_target (account_id);
CREATE UNIQUE INDEX retraction_target_restore ON allclear.retraction_target (retraction_no, restore_ordinal)
  WHERE restore_ordinal IS NOT NULL;
