-- A sign-in that had read the old hash before it was taken may open a session just after sessions were ended. Each
-- contained account is looked at once more when every such sign-in must be over.
ALTER TABLE allclear.restore_point
  ADD COLUMN late_sessions_ended_at timestamptz,
  ADD COLUMN late_sessions_ended integer,
  ADD CHECK ((late_sessions_ended_at IS NULL) = (late_sessions_ended IS NULL));

CREATE INDEX restore_point_late_session ON allclear.restore_point (plan_no, sessions_ended_at)
  WHERE state = 'open' AND late_sessions_ended_at IS NULL;
