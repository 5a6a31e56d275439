-- What a person may do, and what a token of theirs may do of it. Who was there before could do everything and still can;
-- from here on nobody is written without a role, and no token without a scope.
ALTER TABLE allclear.operator
  ADD COLUMN role text NOT NULL DEFAULT 'operator' CHECK (role IN ('operator', 'approver', 'agent', 'auditor'));
ALTER TABLE allclear.operator ALTER COLUMN role DROP DEFAULT;

ALTER TABLE allclear.operator_token
  ADD COLUMN no bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  ADD COLUMN scope text NOT NULL DEFAULT 'full' CHECK (scope <> ''),
  -- The hour of the last use and no finer: it answers "is this still in use", not "what does this person do all day".
  ADD COLUMN last_used_at timestamptz(0);
ALTER TABLE allclear.operator_token ALTER COLUMN scope DROP DEFAULT;
