import type { FittedMapping } from './fit-mapping.ts';

const bodyTag = '$allclear$';
const markPattern = '^allclear-s1[$]sus_[0-9]{1,16}[$][0-9a-f]{32}$';

/** The signatures by which our role suspends and reinstates; none where the mapping names no column for it. */
export function suspensionSignaturesOf({ functions, idType, suspension }: FittedMapping): readonly string[] {
  return suspension === null
    ? []
    : [`${functions}.allclear_suspend(${idType}, text)`, `${functions}.allclear_reinstate(${idType}, text)`];
}

/** The bodies of the two functions, for the SQL that a DBA reads and runs. */
export function suspensionFunctions(fitted: FittedMapping): readonly string[] {
  const { functions: guard, accounts, suspension } = fitted;
  if (suspension === null) return [];
  const requireMark = `  IF mark !~ '${markPattern}' THEN
    RAISE EXCEPTION USING ERRCODE = 'ALC02', MESSAGE = 'this is no mark of Allclear, and nothing else may be written or taken away';
  END IF;`;
  const standing = (
    name: string,
    isThere: string,
  ): string => `  IF NOT EXISTS (SELECT FROM ${accounts} a WHERE ${fitted.id} = ${name}.account) THEN
    RETURN 'missing';
  END IF;
  RETURN CASE WHEN EXISTS (SELECT FROM ${accounts} a WHERE ${fitted.id} = ${name}.account AND ${isThere})
    THEN 'already' ELSE 'changed' END;`;
  return [
    `-- Suspends an account that is not suspended: 'swapped', 'already', 'changed' or 'missing'. It deletes nothing.
CREATE OR REPLACE FUNCTION ${guard}.allclear_suspend(account ${fitted.idType}, mark text) RETURNS text
LANGUAGE plpgsql STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS ${bodyTag}
BEGIN
${requireMark}
  PERFORM FROM ${guard}.cap c WHERE c.what = 'suspend' FOR UPDATE;
  UPDATE ${accounts} a SET ${suspension} = allclear_suspend.mark
    WHERE ${fitted.id} = allclear_suspend.account AND coalesce(a.${suspension}, '') = '';
  IF FOUND THEN
    PERFORM ${guard}.count_one('suspend');
    RETURN 'swapped';
  END IF;
${standing('allclear_suspend', `a.${suspension} = allclear_suspend.mark`)}
END ${bodyTag};
`,
    `-- Takes exactly this mark away, and no suspension by the service itself.
CREATE OR REPLACE FUNCTION ${guard}.allclear_reinstate(account ${fitted.idType}, mark text) RETURNS text
LANGUAGE plpgsql STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS ${bodyTag}
BEGIN
${requireMark}
  PERFORM FROM ${guard}.cap c WHERE c.what = 'reinstate' FOR UPDATE;
  UPDATE ${accounts} a SET ${suspension} = NULL
    WHERE ${fitted.id} = allclear_reinstate.account AND a.${suspension} = allclear_reinstate.mark;
  IF FOUND THEN
    PERFORM ${guard}.count_one('reinstate');
    RETURN 'swapped';
  END IF;
${standing('allclear_reinstate', `coalesce(a.${suspension}, '') = ''`)}
END ${bodyTag};
`,
  ];
}
