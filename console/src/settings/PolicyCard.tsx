import type { ReactNode } from 'react';
import { useRead } from '../api/read.ts';
import type { Answer } from '../api/routes.ts';
import { Card } from '../design/Card.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { Moment } from '../design/Moment.tsx';
import { SmallTable } from '../design/SmallTable.tsx';

type Setting = Answer<'get /api/v1/deployment/settings'>['settings'][number];

const groups: readonly (readonly [Setting['group'], string])[] = [
  ['directory', 'Directory'],
  ['mail', 'Mail'],
  ['limits', 'Limits'],
];

/** What decides who is reached, by whom and how fast: looked at here, and changed on the server's own machine. */
export function PolicyCard(): ReactNode {
  const read = useRead('get /api/v1/deployment/settings', {});
  return (
    <Card title="Directory, mail and limits">
      <p className="soft">
        As the running server has them. They are changed in the configuration on its machine (
        <code>allclear config show</code> explains each) and count from its next start; everybody who decides is told by
        mail. A plan keeps the limits that it was drawn up with.
      </p>
      <Loaded query={read} what="the settings">
        {({ settings }) => (
          <>
            {groups.map(([group, caption]) => (
              <SmallTable
                key={group}
                caption={caption}
                rows={settings.filter((one) => one.group === group).toSorted(changedFirst)}
                keyOf={({ name }) => name}
                none={`Nothing of ${caption.toLowerCase()} was noted yet.`}
                columns={[
                  { label: 'Setting', cell: (setting) => <Name setting={setting} /> },
                  { label: 'In force', cell: ({ value, unit }) => (unit === null ? value : `${value} ${unit}`) },
                  { label: 'Changed', cell: ({ change }) => <Change change={change} /> },
                ]}
              />
            ))}
          </>
        )}
      </Loaded>
    </Card>
  );
}

/** The newest change first; then as they are looked up. */
function changedFirst(left: Setting, right: Setting): number {
  const newest = (right.change?.at ?? '').localeCompare(left.change?.at ?? '');
  return newest === 0 ? left.name.localeCompare(right.name) : newest;
}

function Name({ setting: { name, meaning } }: { readonly setting: Setting }): ReactNode {
  return (
    <>
      {name.replace('limits.', '')}
      {meaning === '' ? null : <span className="hint">{meaning}</span>}
    </>
  );
}

function Change({ change }: Pick<Setting, 'change'>): ReactNode {
  if (change === null) return 'not since the first start';
  const { at, before, account } = change;
  return (
    <>
      <Moment at={at} />, from {before}
      {account === null ? '' : `, by ${account} on the server’s machine`}
    </>
  );
}
