import type { ReactNode } from 'react';

interface Props {
  readonly command: string;
}

/** The same step for whoever has a key file and no passkey. */
export function InTerminal({ command }: Props): ReactNode {
  return (
    <details>
      <summary>In a terminal instead</summary>
      <pre className="command">
        <code>{command}</code>
      </pre>
    </details>
  );
}
