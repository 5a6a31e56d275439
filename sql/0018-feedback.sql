-- What the world says of a mail after its range was settled. Outcome vectors stay as the ledger digested them; a later
-- word lies beside them, and every reader of outcomes sees both together.

-- One word of each kind per notice: a second one of the same kind is known already.
CREATE TABLE allclear.feedback (
  notice_number text NOT NULL,
  kind          text NOT NULL CHECK (kind IN ('delivered', 'delayed', 'bounced', 'complained', 'auto-replied')),
  rollout_no    bigint NOT NULL REFERENCES allclear.rollout (no),
  track         text NOT NULL,
  ordinal       int NOT NULL,
  -- Of a bounce: whether it is about the address, the mailbox, our standing, or the way there.
  class         text CHECK (class IN ('address', 'mailbox', 'policy', 'transient', 'unclear')),
  -- RFC 3463, as the other side gave it.
  status        text,
  source        text NOT NULL,
  provider_id   text,
  -- When it happened by the other side's clock, where it says so.
  event_at      timestamptz,
  recorded_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (notice_number, kind),
  CHECK ((kind = 'bounced') = (class IS NOT NULL))
);
CREATE INDEX feedback_by_member ON allclear.feedback (rollout_no, track, ordinal);

-- The state that later words led to, for the few members of whom there are any. The one place: readers come to it by the
-- function and the view below, and whoever reads whole ranges joins it there.
CREATE TABLE allclear.resolved_outcome (
  rollout_no bigint NOT NULL,
  track      text NOT NULL,
  ordinal    int NOT NULL,
  state      smallint NOT NULL CHECK (state BETWEEN 0 AND 255),
  PRIMARY KEY (rollout_no, track, ordinal),
  FOREIGN KEY (rollout_no, track) REFERENCES allclear.track (rollout_no, track)
);

-- One member's byte: of the vector, or what was said later.
CREATE FUNCTION allclear.resolved_byte(of_rollout bigint, of_track text, of_ordinal int, settled int) RETURNS int
LANGUAGE sql STABLE AS $$
  SELECT coalesce(
    (SELECT r.state::int FROM allclear.resolved_outcome r
     WHERE r.rollout_no = of_rollout AND r.track = of_track AND r.ordinal = of_ordinal),
    settled)
$$;

CREATE OR REPLACE VIEW allclear.member_outcome AS
  SELECT p.rollout_no, p.track, p.from_ordinal + i AS ordinal, coalesce(r.state::int, get_byte(p.outcome, i)) AS state,
    p.state = 'open' AS in_flight
  FROM allclear.permit p CROSS JOIN LATERAL generate_series(0, p.size - 1) AS i
  LEFT JOIN allclear.resolved_outcome r
    ON r.rollout_no = p.rollout_no AND r.track = p.track AND r.ordinal = p.from_ordinal + i;

-- Of a refusal in the SMTP dialogue: what it was about, as for a bounce.
ALTER TABLE allclear.outcome_note
  ADD COLUMN class text CHECK (class IN ('address', 'mailbox', 'policy', 'transient', 'unclear'));

-- Verdicts that two people saw and went on over, each for one wave only.
ALTER TABLE allclear.track ADD COLUMN acknowledged jsonb NOT NULL DEFAULT '[]';

-- Addresses that ordinary notices are not sent to any more, each as a keyed digest. A removed row stays, to be told.
CREATE TABLE allclear.suppression (
  address_key   text PRIMARY KEY,
  reason        text NOT NULL CHECK (reason IN ('bounced', 'refused')),
  status        text,
  notice_number text NOT NULL,
  suppressed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  removed_at    timestamptz,
  removed_by    text
);
CREATE INDEX suppression_by_notice ON allclear.suppression (notice_number);
