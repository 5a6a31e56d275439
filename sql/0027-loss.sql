-- What was lost of the database, as it was put forward to be accepted. Two people sign the digest of `record`; only then does
-- whoever sits at the server's machine accept it.
CREATE TABLE allclear.loss (
  no          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- RFC 8785 text: what is lost, and how it would be written down.
  record      text NOT NULL,
  digest      text NOT NULL CHECK (digest ~ '^[0-9a-f]{64}$'),
  total       bigint NOT NULL CHECK (total >= 0),
  directory   text NOT NULL,
  proposed_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  accepted_at timestamptz(3)
);

ALTER TABLE allclear.approval DROP CONSTRAINT approval_subject_check;
ALTER TABLE allclear.approval ADD CONSTRAINT approval_subject_check
  CHECK (subject ~ '^(plan|retraction|operator|loss)_[1-9][0-9]*$');
