-- How long a track stood halted: deadlines of those it left waiting are moved by exactly that. A halt that found the track halted
-- already opens no second period.
CREATE TABLE allclear.halt_period (
  rollout_no bigint NOT NULL,
  track      text NOT NULL,
  halted_at  timestamptz NOT NULL,
  resumed_at timestamptz,
  PRIMARY KEY (rollout_no, track, halted_at),
  FOREIGN KEY (rollout_no, track) REFERENCES allclear.track (rollout_no, track),
  CHECK (resumed_at IS NULL OR resumed_at >= halted_at)
);
INSERT INTO allclear.halt_period (rollout_no, track, halted_at)
  SELECT rollout_no, track, halted_at FROM allclear.track WHERE phase = 'halted' AND halted_at IS NOT NULL;
