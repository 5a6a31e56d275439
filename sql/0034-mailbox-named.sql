-- A list that names where its passwords are for (`url:address:password`) named the account's own mailbox. Whoever has that list may read
-- the mail, so that mail alone gives nothing back. Older evidence was taken without looking: nothing is known of it.
ALTER TABLE allclear.evidence ADD COLUMN names_mailbox boolean NOT NULL DEFAULT false;
