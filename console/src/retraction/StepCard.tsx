import type { ReactNode } from 'react';
import { Card } from '../design/Card.tsx';
import { Tag } from '../design/Tag.tsx';
import type { Tone } from '../design/Tag.tsx';

export type Standing = 'done' | 'now' | 'later' | 'open';

const tones: Readonly<Record<Standing, Tone>> = { done: 'good', now: 'waits', later: 'plain', open: 'plain' };
const words: Readonly<Record<Standing, string>> = { done: 'done', now: 'now', later: 'later', open: 'if needed' };

interface Props {
  readonly no: number;
  readonly title: string;
  /** Null: it can be read at any time. */
  readonly standing: Standing | null;
  readonly children: ReactNode;
}

/** One step on the way from "something is wrong" to done, with where it stands. */
export function StepCard({ no, title, standing, children }: Props): ReactNode {
  return (
    <Card
      title={`${no}. ${title}`}
      tone={standing === 'now' ? 'waits' : 'plain'}
      aside={standing === null ? undefined : <Tag tone={tones[standing]}>{words[standing]}</Tag>}
    >
      {children}
    </Card>
  );
}
