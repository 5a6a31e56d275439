-- How many people of a plan each permit of notices was lent over, and when: so that what leaves in any hour is bounded by its
-- share of the plan. Written only for plans that are large enough for the bound to matter; what is older goes with the next.
CREATE TABLE allclear.told_hour (
  rollout_no bigint NOT NULL REFERENCES allclear.rollout (no),
  taken_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  people     int NOT NULL CHECK (people > 0)
);
CREATE INDEX told_hour_by_rollout ON allclear.told_hour (rollout_no, taken_at);
