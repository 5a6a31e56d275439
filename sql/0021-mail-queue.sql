-- What the mail server of each host still holds of our mails, as its worker last read it. Only what is seen now: a crash
-- may empty it, and no backup keeps it.
CREATE UNLOGGED TABLE allclear.mail_queue (
  host        text PRIMARY KEY,
  -- As people call that machine.
  host_name   text NOT NULL,
  -- Mails of ours: about to go out, tried and waiting for the next try, and on hold. `others` are everybody else's.
  waiting     int NOT NULL,
  deferred    int NOT NULL,
  on_hold     int NOT NULL,
  others      int NOT NULL,
  cap         int NOT NULL,
  -- Whether Allclear may put mails of its own on hold there, and let them go again.
  commanded   boolean NOT NULL,
  -- Why no ordinary notice is handed over now.
  hold_reason text,
  -- Why it could not be read at the last look: the figures are then those of `read_at`.
  read_error  text,
  -- Why it did not do what it was told.
  command_error text,
  read_at     timestamptz(3),
  looked_at   timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);

-- Mails that a halt put on hold in the queue of a host: only these are let go again. A row goes with its mail.
CREATE TABLE allclear.queue_hold (
  host          text NOT NULL,
  queue_id      text NOT NULL,
  notice_number text NOT NULL,
  rollout_no    bigint NOT NULL REFERENCES allclear.rollout (no),
  track         text NOT NULL,
  ordered_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- When it was seen on hold; null while it was only asked for.
  seen_at       timestamptz,
  PRIMARY KEY (host, queue_id)
);
CREATE INDEX queue_hold_by_rollout ON allclear.queue_hold (rollout_no);
