-- A person's passkeys (WebAuthn credentials). A key is one person's for good: what was ever registered here is never taken
-- for a second account, also after it was revoked.
CREATE TABLE allclear.passkey (
  no                 bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  operator_no        bigint NOT NULL REFERENCES allclear.operator (no),
  name               text NOT NULL CHECK (name <> ''),
  -- base64url, as the authenticator made it.
  credential_id      text NOT NULL UNIQUE,
  -- SubjectPublicKeyInfo (RFC 5280 section 4.1), DER in base64url: what auditors verify with.
  public_key         text NOT NULL UNIQUE,
  -- The same as the authenticator wrote it (COSE_Key, RFC 9052 section 7), base64url.
  cose_key           text NOT NULL,
  rp_id              text NOT NULL,
  transports         text NOT NULL,
  aaguid             text NOT NULL,
  -- Whether it may be, and is, kept by a provider on several devices.
  is_backup_eligible boolean NOT NULL,
  is_backed_up       boolean NOT NULL,
  sign_count         bigint NOT NULL,
  -- Of its registration, so that one registration makes one passkey.
  challenge          text NOT NULL UNIQUE,
  created_at         timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  -- The hour of the last use and no finer.
  last_used_at       timestamptz(0),
  revoked_at         timestamptz(3)
);
CREATE INDEX passkey_operator ON allclear.passkey (operator_no);

-- One-time links: only the SHA-256 of the code is kept. Unlogged, as sessions are: no backup and no standby holds one,
-- and a crash of the database ends them.
CREATE UNLOGGED TABLE allclear.operator_link (
  code_hash   text PRIMARY KEY,
  operator_no bigint NOT NULL,
  -- Of the signed request; null where it was made with the operator, on the server's own machine.
  nonce       text UNIQUE,
  created_at  timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  expires_at  timestamptz(3) NOT NULL,
  used_at     timestamptz(3)
);
CREATE INDEX operator_link_operator ON allclear.operator_link (operator_no);

CREATE UNLOGGED TABLE allclear.operator_session (
  no           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- SHA-256 of the secret in the cookie.
  secret_hash  text NOT NULL UNIQUE,
  operator_no  bigint NOT NULL,
  by           text NOT NULL CHECK (by IN ('passkey', 'oidc')),
  passkey_no   bigint,
  -- What was answered to sign in, so that one answer opens one session.
  challenge    text NOT NULL UNIQUE,
  created_at   timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  expires_at   timestamptz(3) NOT NULL,
  last_seen_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  ended_at     timestamptz(3),
  CHECK ((by = 'passkey') = (passkey_no IS NOT NULL))
);
CREATE INDEX operator_session_operator ON allclear.operator_session (operator_no) WHERE ended_at IS NULL;

-- A yes by passkey: the signature is that of the assertion, over authenticator_data and the SHA-256 of client_data.
ALTER TABLE allclear.approval
  ADD COLUMN passkey_no         bigint REFERENCES allclear.passkey (no),
  ADD COLUMN client_data        text,
  ADD COLUMN authenticator_data text,
  ADD CHECK ((passkey_no IS NULL) = (client_data IS NULL) AND (passkey_no IS NULL) = (authenticator_data IS NULL));

-- Whom another system (OIDC) means by a subject, bound when a verified address first agreed: an address that is given to
-- somebody else there later signs nobody in here.
CREATE TABLE allclear.operator_identity (
  issuer      text NOT NULL,
  subject     text NOT NULL,
  operator_no bigint NOT NULL REFERENCES allclear.operator (no),
  bound_at    timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (issuer, subject),
  UNIQUE (issuer, operator_no)
);
