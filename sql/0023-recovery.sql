-- Holders whose password we took out of use choose a new one with us. One row per code that was asked for; a stranger's
-- address leaves none.
CREATE TABLE allclear.recovery (
  no               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  restore_point_no bigint NOT NULL REFERENCES allclear.restore_point (no),
  plan_no          bigint NOT NULL,
  directory        text NOT NULL,
  account_id       text NOT NULL,
  -- `delayed`: the mailbox itself is in doubt, so the code alone opens nothing before `opens_at`.
  way              text NOT NULL CHECK (way IN ('code', 'delayed')),
  -- Keyed digests: of the browser that asked, of the network that it asked from, of the code, and of the word that stops it.
  browser_hash     text NOT NULL,
  network_hash     text NOT NULL,
  code_hash        text NOT NULL,
  revoke_hash        text,
  tries            int NOT NULL DEFAULT 0,
  asked_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at       timestamptz NOT NULL,
  -- What the mail server said of the mail that held the code; NULL until it said something.
  mail             text CHECK (mail IN ('accepted', 'refused', 'unknown', 'unsent')),
  typed_at         timestamptz,
  -- From the typed code on the browser holds another secret, so that the one from before opens nothing.
  window_hash      text UNIQUE,
  opens_at         timestamptz,
  window_ends_at   timestamptz,
  -- Of a delayed one: when every address had been told that it waits. Until then it opens nothing.
  warned_at        timestamptz,
  setting_at       timestamptz,
  revoked_at       timestamptz,
  done_at          timestamptz,
  CHECK ((typed_at IS NULL) = (window_hash IS NULL)),
  CHECK ((typed_at IS NULL) = (window_ends_at IS NULL)),
  CHECK (done_at IS NULL OR typed_at IS NOT NULL)
);
CREATE INDEX recovery_by_browser ON allclear.recovery (browser_hash) WHERE typed_at IS NULL;
CREATE INDEX recovery_by_account ON allclear.recovery (directory, account_id, asked_at);
CREATE INDEX recovery_by_plan ON allclear.recovery (plan_no);
CREATE UNIQUE INDEX recovery_by_revocation ON allclear.recovery (revoke_hash) WHERE revoke_hash IS NOT NULL;

-- Codes that were typed wrongly, by the minute: for the tripwire.
CREATE TABLE allclear.recovery_miss (
  minute timestamptz PRIMARY KEY,
  misses int NOT NULL
);

-- Who was answered by mail whether they are affected, as a keyed digest of the address: so many a day, and no more.
CREATE TABLE allclear.status_answer (
  address_key text NOT NULL,
  at          timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX status_answer_by_address ON allclear.status_answer (address_key, at);
