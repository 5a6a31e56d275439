-- A person's yes to one digest. The signed statement is the truth; the columns beside it are for finding it.
CREATE TABLE allclear.approval (
  no          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  subject     text NOT NULL CHECK (subject ~ '^(plan|retraction|operator)_[1-9][0-9]*$'),
  digest      text NOT NULL,
  decision    text NOT NULL,
  operator_no bigint NOT NULL REFERENCES allclear.operator (no),
  -- The exact RFC 8785 text that was signed, and its Ed25519 signature in base64url.
  statement   text NOT NULL,
  signature   text NOT NULL,
  nonce       text NOT NULL UNIQUE,
  given_at    timestamptz(3) NOT NULL,
  expires_at  timestamptz(3) NOT NULL
);
CREATE INDEX approval_subject ON allclear.approval (subject, decision);
