-- What a holder says about a notice, for a person to look at. It feeds no gate and unlocks nothing.
CREATE TABLE allclear.appeal (
  no            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  notice_number text NOT NULL,
  rollout_no    bigint NOT NULL REFERENCES allclear.rollout (no),
  plan_no       bigint NOT NULL,
  account_id    text NOT NULL,
  -- In the holder's own words; NULL where they wrote none, or they were erased.
  words         text CHECK (length(words) BETWEEN 1 AND 2000),
  opened_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  decision      text CHECK (decision IN ('granted', 'declined')),
  reason        text,
  decided_by    bigint REFERENCES allclear.operator (no),
  decided_at    timestamptz,
  -- What the mail server said of the mail that told it; NULL until then.
  told          text CHECK (told IN ('accepted', 'refused', 'unknown', 'unsent')),
  CHECK ((decision IS NULL) = (decided_at IS NULL) AND (decision IS NULL) = (decided_by IS NULL))
);
-- One at a time for each notice: whoever writes again is already heard.
CREATE UNIQUE INDEX appeal_open ON allclear.appeal (notice_number) WHERE decision IS NULL;
CREATE INDEX appeal_by_notice ON allclear.appeal (notice_number);
CREATE INDEX appeal_by_account ON allclear.appeal (account_id);
