-- A person may have passkeys and no key file: NULL is no key, and never equal to another's. Existing rows keep theirs.
ALTER TABLE allclear.operator ALTER COLUMN public_key DROP NOT NULL;
