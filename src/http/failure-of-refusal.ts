import type { RecordedApproval } from '../app/approval/record-approval.ts';
import { assertNever } from '../domain/shared/assert-never.ts';
import { Failure } from '../domain/shared/failure.ts';

type Refusal = Extract<RecordedApproval, { kind: 'refused' }>['reason'];

/** Why a signed yes was not taken, as the failure that the signer reads. */
export function failureOfRefusal(reason: Refusal, subject: string): Failure {
  switch (reason) {
    case 'statement-unreadable':
      return new Failure(
        'usage',
        'The statement is not the RFC 8785 text of the seven fields and, where the plan asks for it, `review`. Nothing was recorded.',
      );
    case 'signature-invalid':
      return new Failure(
        'signature-invalid',
        'The signature was not made with the key of this operator. Nothing was recorded.',
      );
    case 'not-an-active-operator':
      return new Failure('forbidden', 'You are not an active operator at this moment. Nothing was recorded.');
    case 'role-cannot-approve':
      return new Failure(
        'forbidden',
        'Your role may not say yes to this; an operator or an approver may. Nothing was recorded.',
      );
    case 'wrong-deployment':
    case 'wrong-directory':
      return new Failure(
        'environment-mismatch',
        `The statement names another ${reason.slice('wrong-'.length)} than that of ${subject}. Nothing was recorded.`,
        { subject },
      );
    case 'wrong-decision':
      return new Failure(
        'conflict',
        `This cannot be decided about ${subject} now: it changed after you looked. Look again.`,
        { subject },
      );
    case 'digest-mismatch':
      return new Failure(
        'digest-mismatch',
        `${subject} has another digest than the one that you signed. Nothing was recorded.`,
        { subject },
      );
    case 'total-mismatch':
      return new Failure(
        'total-mismatch',
        `${subject} concerns another number of people than the one that you signed. Nothing was recorded.`,
        { subject },
      );
    case 'approval-expired':
      return new Failure(
        'approval-expired',
        'The statement is over already. Sign a new one; compare the clocks of both machines.',
      );
    case 'approval-too-long':
      return new Failure(
        'approval-expired',
        'The statement is valid for longer than 24 hours. Sign a shorter one; compare the clocks of both machines.',
      );
    case 'nonce-reused':
      return new Failure('conflict', 'This statement was sent before. Sign a new one.');
    case 'author-cannot-approve':
      return new Failure(
        'author-cannot-approve',
        `You drew up ${subject}, or it is about you: your own yes does not count. Two others have to say yes.`,
        { subject },
      );
    case 'review-missing':
      return new Failure(
        'needs-review',
        `You have not looked at all of your targets of ${subject} yet: allclear plan review ${subject}`,
        { subject },
      );
    case 'review-unclear':
      return new Failure(
        'needs-review',
        `You could not tell of some targets of ${subject}. Find out, say so in allclear plan review ${subject}, or leave the yes to somebody who can.`,
        { subject },
      );
    case 'review-wrong':
      return new Failure(
        'review-wrong',
        `A reviewer found a target of ${subject} wrong; that blocks it for everyone. See: allclear plan show ${subject}. ` +
          'Find out what else that evidence selected, withdraw it (allclear evidence withdraw), and draft a new plan.',
        { subject },
      );
    case 'review-mismatch':
      return new Failure(
        'digest-mismatch',
        `What you signed stands on other verdicts than the stored ones of ${subject}. Nothing was recorded. Look again: allclear plan review ${subject}`,
        { subject },
      );
    case 'already-approved':
      return new Failure(
        'already-approved',
        `You have said yes to this already. The second yes has to come from another person.`,
        { subject },
      );
    default:
      return assertNever(reason);
  }
}
