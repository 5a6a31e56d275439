-- What the page of a plan and that of a batch count is kept where it is made, in the transaction that makes it: at the
-- freeze, at the end of an import, at a withdrawal. A plan or batch without a row here is counted when it is looked at,
-- as an import that is under way is. Each function below is the one place that says how its rows are counted.

CREATE TABLE allclear.plan_count (
  plan_no    bigint PRIMARY KEY REFERENCES allclear.plan (no),
  targets    jsonb NOT NULL,
  exclusions jsonb NOT NULL,
  -- Against the plan of the same directory that was frozen before; NULL for the first.
  difference jsonb
);

CREATE FUNCTION allclear.count_plan(of_plan bigint) RETURNS TABLE (targets jsonb, exclusions jsonb, difference jsonb)
LANGUAGE sql STABLE AS $$
  SELECT
    (SELECT coalesce(jsonb_agg(jsonb_build_object('lane', g.lane, 'effect', g.effect, 'told', g.told,
        'hasAddress', g.has_address, 'reason', g.reason, 'count', g.total) ORDER BY g.total DESC, g.lane, g.reason), '[]')
     FROM (SELECT lane, effect, tell_ordinal IS NOT NULL AS told, address_digest IS NOT NULL AS has_address, reason, count(*) AS total
           FROM allclear.plan_target WHERE plan_no = of_plan GROUP BY 1, 2, 3, 4, 5) g),
    (SELECT coalesce(jsonb_object_agg(x.reason, x.total), '{}')
     FROM (SELECT reason, count(*) AS total FROM allclear.plan_exclusion WHERE plan_no = of_plan GROUP BY reason) x),
    (SELECT jsonb_build_object('previous', b.no,
        'added', count(*) FILTER (WHERE t.was IS NULL),
        'removed', count(*) FILTER (WHERE t.now IS NULL),
        'kept', count(*) FILTER (WHERE t.was IS NOT NULL AND t.now IS NOT NULL))
     FROM (SELECT max(e.no) AS no FROM allclear.plan e JOIN allclear.plan p ON p.directory = e.directory AND p.no = of_plan
           WHERE e.no < of_plan AND e.digest IS NOT NULL) b
     CROSS JOIN LATERAL (
       SELECT n.account_id AS now, o.account_id AS was
       FROM (SELECT account_id FROM allclear.plan_target WHERE plan_no = of_plan) n
       FULL JOIN (SELECT account_id FROM allclear.plan_target WHERE plan_no = b.no) o USING (account_id)) t
     WHERE b.no IS NOT NULL GROUP BY b.no)
$$;

INSERT INTO allclear.plan_count
  SELECT p.no, c.* FROM allclear.plan p CROSS JOIN LATERAL allclear.count_plan(p.no) c WHERE p.digest IS NOT NULL;

CREATE TABLE allclear.evidence_count (
  batch_no         bigint PRIMARY KEY REFERENCES allclear.evidence_batch,
  -- The newest withdrawal of the batch that is counted in, 0 before the first. A row that a newer one is missing from,
  -- because the version before made it, is not read.
  after_withdrawal bigint NOT NULL,
  accounts         bigint NOT NULL,
  live             bigint NOT NULL,
  withdrawn        bigint NOT NULL,
  classes          jsonb NOT NULL
);
CREATE INDEX withdrawal_batch ON allclear.withdrawal (batch_no, withdrawal_no);

CREATE FUNCTION allclear.count_evidence(of_batch bigint)
RETURNS TABLE (after_withdrawal bigint, accounts bigint, live bigint, withdrawn bigint, classes jsonb)
LANGUAGE sql STABLE AS $$
  SELECT
    (SELECT coalesce(max(withdrawal_no), 0) FROM allclear.withdrawal WHERE batch_no = of_batch),
    (SELECT count(DISTINCT account_id) FROM allclear.evidence WHERE batch_no = of_batch),
    coalesce(sum(g.total) FILTER (WHERE g.state = 'live'), 0)::bigint,
    coalesce(sum(g.total) FILTER (WHERE g.state = 'withdrawn'), 0)::bigint,
    coalesce(jsonb_agg(jsonb_build_object('class', g.class, 'state', g.state, 'remark', g.remark, 'evidence', g.total)
      ORDER BY g.class, g.state, g.remark), '[]')
  FROM (SELECT class, state, remark, count(*) AS total FROM allclear.evidence WHERE batch_no = of_batch GROUP BY 1, 2, 3) g
$$;

INSERT INTO allclear.evidence_count
  SELECT b.batch_no, c.* FROM allclear.evidence_batch b CROSS JOIN LATERAL allclear.count_evidence(b.batch_no) c
  WHERE b.state <> 'importing';

-- When a permit was lent, by a clock that no one sets: that of its worker's boot, in milliseconds, and that machine's clock on the
-- wall beside it. `taken_at` alone, as rows of the version before have it, lends an hour anew when it jumps ahead.
ALTER TABLE allclear.told_hour
  ADD COLUMN no bigint GENERATED ALWAYS AS IDENTITY,
  ADD COLUMN boot text,
  ADD COLUMN boot_ms float8,
  ADD COLUMN wall_ms float8;

-- Of the claims of a range (`attempt`), those that count against it: they reached somebody's dot, or a lost worker left them. A range
-- that waited for a rate, a mail server or a morning was claimed as well, and nobody of it was tried.
ALTER TABLE allclear.permit ADD COLUMN tries int NOT NULL DEFAULT 0;
