import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { ConfirmAct } from '../confirm/ConfirmAct.tsx';

interface Props {
  /** On the button, whole: which one it ends. */
  readonly label: string;
  readonly will: ReactNode;
  readonly actLabel: string;
  readonly run: () => Promise<unknown>;
}

/** A button of a row that ends something at once, through the one dialog. */
export function EndIt({ label, will, actLabel, run }: Props): ReactNode {
  const queries = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <Button className="button small" onPress={() => setAsking(true)}>
        {label}
      </Button>
      {isAsking ? (
        <ConfirmAct
          onClose={() => setAsking(false)}
          act={{
            title: label,
            will,
            actLabel,
            run: async () => {
              await run();
              await queries.invalidateQueries();
            },
            done: null,
          }}
        />
      ) : null}
    </>
  );
}
