-- Where evidence comes from. Made at first use; its authority is what notices may say about it, so it never changes.
CREATE TABLE allclear.source (
  source_no  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name       text NOT NULL UNIQUE,
  authority  text NOT NULL CHECK (authority IN ('outside', 'own')),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- One list, as far as it was read. No line of it is here: only counts, digests and where to take it up again.
CREATE TABLE allclear.evidence_batch (
  batch_no      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  source_no     bigint NOT NULL REFERENCES allclear.source,
  class         text NOT NULL CHECK (class IN ('credentials', 'observed', 'reported')),
  state         text NOT NULL DEFAULT 'importing' CHECK (state IN ('importing', 'finished', 'abandoned')),
  directory     text NOT NULL,
  file_name     text NOT NULL,
  imported_by   bigint NOT NULL,
  reported_by   text,
  -- SHA-256 of the list's first 4 MiB: a list that comes again is known by it before its end is read.
  head_digest   text NOT NULL,
  -- SHA-256 (and length) of the list's bytes up to lines_done; of a finished batch, of the whole list.
  prefix_digest text NOT NULL DEFAULT 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  lines_done    bigint NOT NULL DEFAULT 0,
  bytes_done    bigint NOT NULL DEFAULT 0,
  accepted      bigint NOT NULL DEFAULT 0,
  lines_met     bigint NOT NULL DEFAULT 0,
  candidates    bigint NOT NULL DEFAULT 0,
  refused       jsonb NOT NULL DEFAULT '{}',
  begun_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at   timestamptz,
  CHECK ((state = 'finished') = (finished_at IS NOT NULL)),
  CHECK ((class = 'reported') = (reported_by IS NOT NULL))
);

CREATE INDEX evidence_batch_head ON allclear.evidence_batch (source_no, class, head_digest);

-- The reason's text is personal data and stands beside the ledger entry, not here.
CREATE TABLE allclear.withdrawal (
  withdrawal_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  batch_no      bigint NOT NULL REFERENCES allclear.evidence_batch,
  cause         text NOT NULL CHECK (cause IN ('wrong-verdict', 'own-export', 'rule-wrong', 'source-doubted')),
  withdrawn_by  bigint NOT NULL,
  selection     text NOT NULL CHECK (selection IN ('all', 'lines', 'accounts')),
  withdrawn_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- One row per batch and account, and per event where the class knows events. Never deleted: withdrawn.
CREATE TABLE allclear.evidence (
  evidence_no   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  batch_no      bigint NOT NULL REFERENCES allclear.evidence_batch,
  -- The directory's own id: bytes, not a language, so compared and ordered as bytes.
  account_id    text COLLATE "C" NOT NULL,
  event_id      text COLLATE "C" NOT NULL DEFAULT '',
  class         text NOT NULL CHECK (class IN ('verified', 'observed', 'reported', 'weak')),
  state         text NOT NULL DEFAULT 'live' CHECK (state IN ('live', 'withdrawn')),
  cause         text CHECK (cause IN ('wrong-verdict', 'own-export', 'rule-wrong', 'source-doubted')),
  withdrawal_no bigint REFERENCES allclear.withdrawal,
  against       text CHECK (against IN ('current', 'restore-point')),
  hash_digest   text,
  remark        text CHECK (remark IN ('passwordless', 'unknown-scheme', 'no-restore-point', 'older-than-password')),
  -- Line numbers of the list, sealed: with the verdicts beside them they are a shopping list of working passwords.
  sealed_lines  bytea,
  lines_total   integer NOT NULL,
  event_at      timestamptz,
  rule          text,
  reason        text,
  recorded_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  CHECK ((state = 'withdrawn') = (cause IS NOT NULL)),
  CHECK ((state = 'withdrawn') = (withdrawal_no IS NOT NULL)),
  CHECK ((class = 'verified') = (against IS NOT NULL)),
  CHECK ((class = 'verified') = (hash_digest IS NOT NULL)),
  CHECK ((class = 'weak') = (sealed_lines IS NULL)),
  CHECK (class <> 'observed' OR (event_id <> '' AND event_at IS NOT NULL AND rule IS NOT NULL)),
  CHECK (class <> 'reported' OR reason IS NOT NULL),
  UNIQUE (batch_no, account_id, event_id)
);

CREATE INDEX evidence_account ON allclear.evidence (account_id);
