-- What was answered to a request that carried an Idempotency-Key, kept for a day: the same request again gets the same
-- answer and does nothing. No body of a request is here, only a keyed digest, and no answer that holds a token.
CREATE TABLE allclear.request_key (
  caller       text COLLATE "C" NOT NULL,
  key          text COLLATE "C" NOT NULL CHECK (key ~ '^[!-~]{1,255}$'),
  -- HMAC-SHA-256 of method, address and body under a key outside this database: a body may be guessable.
  fingerprint  text NOT NULL,
  -- The same of a body that was streamed, known only once it was read.
  body_mac     text,
  -- The server process that does it, heard while it works: what died without an answer shows by its silence.
  holder       text NOT NULL,
  begun_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  alive_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- NULL while there is no answer.
  status       int,
  content_type text,
  -- NULL: it was answered, and the answer is not kept.
  answer       text,
  PRIMARY KEY (caller, key),
  CHECK ((status IS NULL) = (content_type IS NULL)),
  CHECK (answer IS NULL OR status IS NOT NULL)
);
CREATE INDEX request_key_unanswered ON allclear.request_key (holder) WHERE status IS NULL;
CREATE INDEX request_key_begun ON allclear.request_key (begun_at);
