-- One row while nothing may be sent or acted on: this database was restored, or lacks what is known outside it.
CREATE TABLE allclear.behind (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  kind     text NOT NULL CHECK (kind IN ('restored', 'lost')),
  reason   text NOT NULL,
  found_on text NOT NULL,
  found_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);

-- The last lines of the permit journals that were heard when a loss was accepted. A host that was not heard does not work.
CREATE TABLE allclear.heard_journal (
  host       text NOT NULL,
  entry_hash text NOT NULL,
  heard_at   timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (host, entry_hash)
);

-- Plans and retractions that were, or may have been, started in a part that was lost: they are never started again.
CREATE TABLE allclear.lost_start (
  subject  text PRIMARY KEY CHECK (subject ~ '^(plan|retraction)_[1-9][0-9]*$'),
  noted_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
