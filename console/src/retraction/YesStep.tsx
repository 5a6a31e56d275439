import type { ReactNode } from 'react';
import type { Answer } from '../api/routes.ts';
import { StepCard } from './StepCard.tsx';
import { YesAndGo } from './YesAndGo.tsx';

interface Props {
  readonly shown: Answer<'get /api/v1/retractions/{subject}'>;
  readonly directory: string;
}

export function YesStep({ shown, directory }: Props): ReactNode {
  return (
    <StepCard no={5} title="Yes, and go" standing={shown.started ? 'done' : 'now'}>
      <YesAndGo shown={shown} directory={directory} />
    </StepCard>
  );
}
