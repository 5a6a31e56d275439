import type { ReactNode } from 'react';
import type { Answer } from '../api/routes.ts';
import { Card } from '../design/Card.tsx';
import { SmallTable } from '../design/SmallTable.tsx';
import { number, percent } from '../design/words.ts';

type Wave = Answer<'get /api/v1/rollouts/{subject}'>['recoveries'][number];

/** How people get back in, wave by wave: where they stop is where something is broken. */
export function RecoveriesCard({ recoveries }: { readonly recoveries: readonly Wave[] }): ReactNode {
  if (recoveries.length === 0) return null;
  return (
    <Card title="Back in again">
      <SmallTable
        caption="By wave of contain"
        rows={recoveries}
        keyOf={({ wave }) => String(wave)}
        none=""
        columns={[
          { label: 'Wave', cell: ({ wave }) => number(wave) },
          { label: 'Contained', isNumber: true, cell: ({ contained }) => number(contained) },
          { label: 'Asked for a code', isNumber: true, cell: (wave) => of(wave.asked, wave.contained) },
          { label: 'Typed it', isNumber: true, cell: (wave) => of(wave.typed, wave.asked) },
          { label: 'New password', isNumber: true, cell: (wave) => of(wave.done, wave.typed) },
        ]}
      />
      <p className="soft">
        Recovery on our own pages only. Each share is of the step before it. There is no control group to hold them
        against.
      </p>
    </Card>
  );
}

function of(count: number, before: number): string {
  return before === 0 ? number(count) : `${number(count)} (${percent(count / before)})`;
}
