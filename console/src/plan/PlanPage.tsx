import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Page } from '../shell/Page.tsx';

export function PlanPage(): ReactNode {
  const { plan } = useParams({ from: '/plans/$plan' });
  return <Page title={plan}>{null}</Page>;
}
