-- What the mails of a track were like when they were built, per variant (kind, language and claims: the same words), so
-- that the first and the n-th can be compared. A row per variant, however many people are told; no address is kept.
CREATE TABLE allclear.mail_sample (
  rollout_no     bigint NOT NULL,
  track          text NOT NULL,
  variant        text NOT NULL,
  mails          int NOT NULL CHECK (mails > 0),
  smallest_bytes int NOT NULL,
  largest_bytes  int NOT NULL,
  -- Mails that held an address of somebody else. None of them was sent.
  foreign_mails  int NOT NULL,
  PRIMARY KEY (rollout_no, track, variant),
  FOREIGN KEY (rollout_no, track) REFERENCES allclear.track (rollout_no, track),
  CHECK (smallest_bytes <= largest_bytes AND foreign_mails BETWEEN 0 AND mails)
);
