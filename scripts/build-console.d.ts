/** `dist`: where the built console goes; as a rule `console/dist` below `root`. */
export function ensureConsole(
  root: string,
  say: (line: string) => void,
  dist?: string,
): Promise<'warm' | 'built' | 'failed'>;
