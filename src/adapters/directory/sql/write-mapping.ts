import { stringify } from 'yaml';
import type { Mapping } from './mapping.ts';
import type { Proposal } from './propose-mapping.ts';

/** The mapping file: YAML, each part with its reason, the doubts on top. What is empty is left out. */
export function writeMapping(proposal: Pick<Proposal, 'mapping' | 'reasons' | 'doubts'>): string {
  const { mapping, reasons, doubts } = proposal;
  const lines = ['# How Allclear reads this service. Read each line: a wrong one meets the wrong people.'];
  for (const doubt of doubts) lines.push(`# Look: ${oneLine(doubt)}`);
  for (const [key, part] of Object.entries(tidy(mapping))) {
    lines.push('');
    for (const [place, reason] of Object.entries(reasons)) {
      if (place === key || place.startsWith(`${key}.`)) {
        lines.push(place === key ? `# ${oneLine(reason)}` : `# ${place.slice(key.length + 1)}: ${oneLine(reason)}`);
      }
    }
    lines.push(stringify({ [key]: part }).trimEnd());
  }
  return `${lines.join('\n')}\n`;
}

function tidy(mapping: Mapping): Readonly<Record<string, unknown>> {
  const { collateral, accounts, ...rest } = mapping;
  const { protected: flags, ...others } = accounts;
  return {
    version: rest.version,
    accounts: flags.length === 0 ? others : { ...others, protected: flags },
    credential: rest.credential,
    sessions: tidySessions(rest.sessions),
    ...(rest.suspension === undefined ? {} : { suspension: rest.suspension }),
    addressComparison: rest.addressComparison,
    quarantine: rest.quarantine,
    mode: rest.mode,
    functions: rest.functions,
    ...(collateral.length === 0 ? {} : { collateral }),
  };
}

/** The usual form goes without the word for it. */
function tidySessions(sessions: Mapping['sessions']): Readonly<Record<string, unknown>> {
  if (sessions.kind !== 'table') return sessions;
  const { kind: _kind, ...table } = sessions;
  return table;
}

/** A name out of a hostile catalogue must not end the comment. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}
