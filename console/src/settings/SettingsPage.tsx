import type { ReactNode } from 'react';
import { useMay } from '../session/use-session.ts';
import { Page } from '../shell/Page.tsx';
import { DeploymentCard } from './DeploymentCard.tsx';
import { PasskeysCard } from './PasskeysCard.tsx';
import { PeopleCard } from './PeopleCard.tsx';
import { PolicyCard } from './PolicyCard.tsx';
import { RetentionCard } from './RetentionCard.tsx';
import { SessionsCard } from './SessionsCard.tsx';
import { SuppressionsCard } from './SuppressionsCard.tsx';
import { TokensCard } from './TokensCard.tsx';

/** Who may decide, with what they sign in, and what this installation is. */
export function SettingsPage(): ReactNode {
  const may = useMay();
  return (
    <Page title="Settings" lead="Who may decide, with what they sign in, and what this installation is.">
      {may('operator.read') ? <PeopleCard /> : null}
      <PasskeysCard />
      <SessionsCard />
      {may('token.own') ? <TokensCard /> : null}
      {may('suppression.read') ? <SuppressionsCard /> : null}
      {may('retention.read') ? <RetentionCard /> : null}
      {may('ledger.read') ? <PolicyCard /> : null}
      <DeploymentCard />
    </Page>
  );
}
