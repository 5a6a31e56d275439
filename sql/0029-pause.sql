-- A person stops the lending of permits of one rollout without a halt: what was begun is finished, nothing more begins. It is
-- lifted as a halt is, by as many people as the rollout took.
CREATE TABLE allclear.pause (
  no         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  rollout_no bigint NOT NULL REFERENCES allclear.rollout (no),
  paused_by  bigint NOT NULL REFERENCES allclear.operator (no),
  reason     text NOT NULL,
  paused_at  timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  ended_at   timestamptz(3),
  CHECK (ended_at IS NULL OR ended_at >= paused_at)
);
CREATE UNIQUE INDEX pause_open ON allclear.pause (rollout_no) WHERE ended_at IS NULL;
CREATE INDEX pause_by_rollout ON allclear.pause (rollout_no);

-- The disputes of a rollout are read page by page, the newest first.
CREATE INDEX dispute_newest ON allclear.dispute (rollout_no, pressed_at, notice_number);
