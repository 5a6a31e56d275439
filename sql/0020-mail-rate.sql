-- What was leased of each rate of mail, and still counts. One row a key, so that one statement can lock it, free what is
-- old and lease what there is room for: with the leases in rows of their own a statement would count those of the moment
-- before it got the lock.
CREATE TABLE allclear.mail_rate (
  key        text PRIMARY KEY,
  -- A list of {w: window in seconds, h: holder, b: bucket, n: messages, no: number of the newest lease, boot, until: end
  -- of its life on the clock of that boot, wall: the holder's clock, db: this one, in milliseconds}.
  leases     jsonb NOT NULL DEFAULT '[]',
  -- Counts the leases of the key, in the order in which they were made.
  newest     bigint NOT NULL DEFAULT 0,
  -- What the last statement leased and said: read by that statement alone.
  ordinary   int NOT NULL DEFAULT 0,
  correction int NOT NULL DEFAULT 0,
  free_in_ms float8 NOT NULL DEFAULT 0,
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 50);
