-- When two people last agreed on a role of this person: a yes from before counts for no later agreement, so that what two took
-- back does not come again by one more yes.
ALTER TABLE allclear.operator ADD COLUMN role_decided_at timestamptz(3);
UPDATE allclear.operator SET role_decided_at = clock_timestamp() WHERE state = 'active';
