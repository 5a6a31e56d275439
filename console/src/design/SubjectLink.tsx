import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

/** The page of a plan; null for what has none yet. */
export function subjectAddress(
  subject: string,
): { readonly to: '/plans/$plan'; readonly params: { readonly plan: string } } | null {
  return subject.startsWith('plan_') ? { to: '/plans/$plan', params: { plan: subject } } : null;
}

/** An id as a link to its page. */
export function SubjectLink({ subject }: { readonly subject: string }): ReactNode {
  const address = subjectAddress(subject);
  return address === null ? <span>{subject}</span> : <Link {...address}>{subject}</Link>;
}
