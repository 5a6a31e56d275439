import type { ReactNode } from 'react';
import { ProblemNote } from '../design/ProblemNote.tsx';
import { Page } from './Page.tsx';

/** A page that broke. The menu and HALT stand around it and go on working. */
export function FailedPage({ error }: { readonly error: unknown }): ReactNode {
  return (
    <Page title="This page broke">
      <ProblemNote error={error} onAgain={() => location.reload()} />
    </Page>
  );
}
