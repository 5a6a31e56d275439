import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMay } from '../session/use-session.ts';

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** Whom the account page is to look up: in the history of this browser, never in an address. */
    readonly account?: string;
  }
}

/** An account as a link to its whole story. Following it only fills in the search: reading is a person's own act. */
export function AccountLink({ account }: { readonly account: string }): ReactNode {
  const may = useMay();
  if (!may('account.explain')) return <span className="mono">{account}</span>;
  return (
    <Link to="/account" state={{ account }} className="mono">
      {account}
    </Link>
  );
}
