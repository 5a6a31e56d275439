-- A person may have passkeys and no key file: NULL is no key, and never equal to another's. Existing rows keep theirs.
ALTER TABLE allclear.operator ALTER COLUMN public_key DROP NOT NULL;

-- One event of a chain, newest first: without it a filter reads a chain of a million entries to find one that is rare.
CREATE INDEX ledger_entry_event ON allclear.ledger_entry (chain, event, seq);
-- The newest of those that stand.
CREATE INDEX suppression_newest ON allclear.suppression (suppressed_at DESC) WHERE removed_at IS NULL;
