import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Page } from './Page.tsx';

export function AbsentPage(): ReactNode {
  return (
    <Page title="There is no such page">
      <p>
        <Link to="/">Home</Link> shows what runs and what waits for you.
      </p>
    </Page>
  );
}
