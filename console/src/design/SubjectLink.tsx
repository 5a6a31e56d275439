import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

type Address =
  | { readonly to: '/plans/$plan'; readonly params: { readonly plan: string } }
  | { readonly to: '/retractions/$subject'; readonly params: { readonly subject: string } }
  | { readonly to: '/evidence/$batch'; readonly params: { readonly batch: string } }
  | { readonly to: '/loss' }
  | { readonly to: '/settings' };

/** The page of a plan, a retraction, a batch, a loss or a person; null for what has none. */
export function subjectAddress(subject: string): Address | null {
  if (subject.startsWith('plan_')) return { to: '/plans/$plan', params: { plan: subject } };
  if (subject.startsWith('retraction_')) return { to: '/retractions/$subject', params: { subject } };
  if (subject.startsWith('loss_')) return { to: '/loss' };
  if (subject.startsWith('operator_')) return { to: '/settings' };
  return subject.startsWith('batch_') ? { to: '/evidence/$batch', params: { batch: subject } } : null;
}

/** An id as a link to its page. */
export function SubjectLink({ subject }: { readonly subject: string }): ReactNode {
  const address = subjectAddress(subject);
  return address === null ? <span>{subject}</span> : <Link {...address}>{subject}</Link>;
}
