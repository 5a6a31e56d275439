import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { keyOf } from '../api/read.ts';
import type { Answer } from '../api/routes.ts';
import { useMay } from '../session/use-session.ts';

type Live = 'heard' | 'silent';

/**
 * Follows a rollout's events (server-sent): each `status` takes the place of what was read. `silent` where there is no
 * stream; then the page reads by itself.
 */
export function useRolloutEvents(subject: string): Live {
  const queries = useQueryClient();
  const may = useMay();
  const isAllowed = may('rollout.follow');
  const [live, setLive] = useState<Live>('silent');
  useEffect(() => {
    if (!isAllowed) return undefined;
    const source = new EventSource(`/api/v1/rollouts/${encodeURIComponent(subject)}/events`);
    const key = keyOf('get /api/v1/rollouts/{subject}', { params: { subject: subject } });
    source.addEventListener('status', (event: MessageEvent<string>) => {
      setLive('heard');
      queries.setQueryData(key, JSON.parse(event.data) as Answer<'get /api/v1/rollouts/{subject}'>);
    });
    // The browser comes back by itself, after the last event that it heard.
    source.addEventListener('error', () => setLive('silent'));
    source.addEventListener('end', () => source.close());
    return () => source.close();
  }, [subject, isAllowed, queries]);
  return live;
}
