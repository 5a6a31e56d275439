-- Where a holder lives: an IANA name or a fixed offset (+05:30); NULL where the directory does not say. Part of the
-- target's digest.
ALTER TABLE allclear.plan_draft_row ADD COLUMN time_zone text;
ALTER TABLE allclear.plan_target ADD COLUMN time_zone text;

-- Not NULL while a range waits for the morning of its people; its members then have no attempt and no holder.
ALTER TABLE allclear.permit ADD COLUMN held_until timestamptz;
