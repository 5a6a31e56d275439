-- One deployment serves one service: this table holds one row or none.
CREATE TABLE allclear.deployment (
  only_row          boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  deployment_id     text NOT NULL CHECK (deployment_id ~ '^dep_[0-9a-z]{16}$'),
  name              text NOT NULL,
  environment       text NOT NULL CHECK (environment IN ('sample', 'staging', 'production')),
  ledger_public_key text NOT NULL,
  created_at        timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Milliseconds only: the hash is taken over the printed time, which must come back the same.
CREATE TABLE allclear.ledger_entry (
  chain     text NOT NULL CHECK (chain = 'installation' OR chain ~ '^rollout:[1-9][0-9]*$'),
  seq       bigint NOT NULL CHECK (seq > 0),
  at        timestamptz(3) NOT NULL,
  event     text NOT NULL,
  body      text NOT NULL,
  prev_hash text NOT NULL,
  hash      text NOT NULL,
  PRIMARY KEY (chain, seq)
);

-- The only row that an append locks. Rewritten by every append: room in the page keeps those updates off the index.
CREATE TABLE allclear.ledger_head (
  chain text PRIMARY KEY,
  seq   bigint NOT NULL,
  hash  text NOT NULL
) WITH (fillfactor = 50);

-- Apart from ledger_head, so that anchoring a chain never waits for a permit that holds its head.
CREATE TABLE allclear.ledger_anchored (
  chain text PRIMARY KEY,
  seq   bigint NOT NULL
) WITH (fillfactor = 50);

-- Personal values stand beside the chain, which holds only their salted digests. Erased: salt and value are null.
CREATE TABLE allclear.ledger_personal (
  chain text NOT NULL,
  seq   bigint NOT NULL,
  field text NOT NULL,
  salt  text,
  value text,
  PRIMARY KEY (chain, seq, field),
  CHECK ((salt IS NULL) = (value IS NULL))
);

CREATE TABLE allclear.operator (
  no          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name        text NOT NULL CHECK (name <> ''),
  email       text NOT NULL CHECK (email <> ''),
  -- Ed25519, 32 raw bytes in base64url.
  public_key  text NOT NULL,
  state       text NOT NULL CHECK (state IN ('pending', 'active', 'suspended', 'removed')),
  -- When the operator's word begins to count; null until two others said yes.
  active_from timestamptz(3),
  created_at  timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  added_by    bigint REFERENCES allclear.operator (no),
  CHECK (state <> 'active' OR active_from IS NOT NULL)
);

-- Two accounts with the same key or address are one person; a removed one is not admitted again under a new number.
CREATE UNIQUE INDEX operator_key ON allclear.operator (public_key);
CREATE UNIQUE INDEX operator_email ON allclear.operator (lower(email));

-- Only the SHA-256 of a token is kept. The nonce is that of the signed request the token was given for.
CREATE TABLE allclear.operator_token (
  hash        text PRIMARY KEY,
  operator_no bigint NOT NULL REFERENCES allclear.operator (no),
  nonce       text UNIQUE,
  created_at  timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  expires_at  timestamptz(3) NOT NULL,
  revoked_at  timestamptz(3)
);
CREATE INDEX operator_token_operator ON allclear.operator_token (operator_no);
