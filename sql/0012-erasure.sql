-- The address of a closed plan is erased when nobody has to be written to any more. What stays: `address_digest`, which the
-- plan's digest covers, and `address_check`, the same salted SHA-256 over the address as its directory compares it (A-Z
-- folded or not), so that "is this number one that you sent to me?" is answered after the erasure as before it.
ALTER TABLE allclear.plan_target ADD COLUMN address_check text;

-- Plans of which no address is left: one row instead of a look through all of their targets every hour.
CREATE TABLE allclear.plan_addresses_erased (
  plan_no   bigint PRIMARY KEY REFERENCES allclear.plan (no),
  erased_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
