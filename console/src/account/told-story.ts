import type { Answer } from '../api/routes.ts';
import { capital, moment } from '../design/words.ts';
import { reasonWords } from '../retraction/words.ts';

export type Story = Answer<'post /api/v1/explanations'>;
type TargetPlan = Extract<Story['plans'][number], { kind: 'target' }>;
type Notice = TargetPlan['notices'][number];
type Retraction = TargetPlan['retractions'][number];

const kindWords: Readonly<Record<string, string>> = {
  notice: 'The mail about it',
  late: 'The mail about it, which came late,',
  holding: 'A letter that we are checking',
  final: 'A letter that we were wrong',
  confirmed: 'A letter that we checked, and that the first one stands',
};

/** The newest plan that acted on the account. */
export function newestTarget(story: Story): TargetPlan | null {
  return story.plans.find((plan) => plan.kind === 'target') ?? null;
}

/** Whether the mail reached somebody, as far as anyone knows. */
export function arrivedWords({ state, recordedAt }: Notice): string {
  const at = recordedAt === null ? '' : ` on ${moment(recordedAt)}`;
  if (state === 'accepted' || state === 'complained') return `was taken by the mail server of the address${at}`;
  if (state === 'unknown') return `may or may not have arrived${at === '' ? '' : `, sent${at}`}`;
  if (state === 'bounced') return `came back${at}: it did not arrive`;
  if (state === 'refused') return `was refused by the mail server of the address${at}`;
  if (state === 'suppressed') return 'was not sent: mails to that address had failed before';
  if (state === 'withheld') return 'was withheld: it could not be written truthfully';
  return 'was not sent yet';
}

/**
 * Sentences that can be read out to the holder, in order. Only what is known: no address, no password, no name of a
 * source, and nothing about anybody else.
 */
export function toldStory(story: Story): readonly string[] {
  const plan = newestTarget(story);
  const sentences = [...why(story)];
  if (plan === null)
    return [...sentences, 'We did nothing to the account: no password was reset and no session ended.'];
  return [...sentences, ...done(plan), ...told(plan), ...now(story, plan)];
}

function why(story: Story): readonly string[] {
  const { evidence } = story;
  const strong = evidence.filter((one) => one.class !== 'weak');
  const live = strong.filter((one) => one.state === 'live');
  const isSuspension = newestTarget(story)?.suspension != null;
  if (strong.length === 0)
    return evidence.length === 0
      ? ['We know of nothing that speaks against the account.']
      : ['The address was in a list that others have. No password of the account is known to be in it.'];
  const classes = new Set((live.length > 0 ? live : strong).map((one) => one.class));
  const reasons = [
    ...(classes.has('verified') ? ['A password that worked on the account is known to others.'] : []),
    ...(classes.has('observed')
      ? [
          isSuspension
            ? 'The service noticed something that the account did and that it does not allow.'
            : 'The service noticed sign-ins on the account that did not look like its holder.',
        ]
      : []),
    ...(classes.has('reported') ? ['The account was reported to us by a person of the service.'] : []),
  ];
  const withdrawn = strong.filter((one) => one.state === 'withdrawn').length;
  if (live.length === 0)
    return [
      ...reasons.map((reason) => `We had thought: “${reason}”`),
      'That was wrong, or is doubted now, and we have taken it back.',
    ];
  return withdrawn === 0
    ? reasons
    : [...reasons, 'Something else that spoke against the account was taken back since.'];
}

function done({ containment, effect, suspension }: TargetPlan): readonly string[] {
  const { containedAt, sessionsEndedAt, sessionsEnded } = containment;
  const sessions =
    sessionsEndedAt === null
      ? []
      : [
          `On ${moment(sessionsEndedAt)} ${sessionsEnded === 0 ? 'we meant to sign out every device, and none was signed in' : 'every device was signed out'}.`,
        ];
  if (containedAt === null)
    return [
      effect === 'quarantine'
        ? 'The password was not taken out of use.'
        : effect === 'suspend'
          ? 'The account was not suspended.'
          : 'The password was left as it is.',
      ...sessions,
    ];
  if (suspension !== null)
    return [
      `On ${moment(containedAt)} we suspended the account, because ${suspension.because}. Nothing of it was deleted.`,
      ...sessions,
    ];
  return [
    `On ${moment(containedAt)} we took the password out of use, so that nobody else gets in with it.`,
    ...sessions,
  ];
}

function told({ notices }: TargetPlan): readonly string[] {
  if (notices.length === 0) return ['No mail was sent about it.'];
  return notices.map((notice) => {
    const what = kindWords[notice.kind] ?? 'A later letter';
    const disputed =
      notice.dispute === null ? '' : ` On ${moment(notice.dispute.pressedAt)} its reader told us that it is not right.`;
    return `${what}, number ${notice.number}, ${arrivedWords(notice)}.${disputed}`;
  });
}

function now({ now: known }: Story, { restorePoint, retractions, suspension }: TargetPlan): readonly string[] {
  if (suspension !== null) return suspensionNow(suspension);
  const needsPerson = retractions.some((one) => one.credential === 'needs-a-person');
  if (known.quarantinedBy !== null)
    return [
      'The old password does not work at the moment.',
      ...(needsPerson ? ['A person at the service has to decide what is owed, and has not closed it yet.'] : []),
      ...(known.liveEvidence === 0 && !needsPerson
        ? [
            retractions.some(({ started }) => started)
              ? 'What spoke against it was taken back; it is being put right.'
              : 'What spoke against it was taken back. How it is put right has not begun yet.',
          ]
        : []),
    ];
  if (restorePoint?.state === 'restored') return ['We gave the old password back: it works again.'];
  if (restorePoint?.state === 'retired') return ['A newer password was chosen since, and that one is valid.'];
  return [];
}

function suspensionNow({ state, lapsesAt }: NonNullable<TargetPlan['suspension']>): readonly string[] {
  switch (state) {
    case 'open':
    case 'marked':
      return [
        `The account is suspended${lapsesAt === null ? '' : `, and that ends by itself on ${moment(lapsesAt)}`}.`,
        'Its holder may ask a person to look again, on our page, with the number of the notice.',
      ];
    case 'reinstated':
      return ['That was wrong, and the account is open again.'];
    case 'lapsed':
      return ['The suspension is over, and the account is open again.'];
    default:
      return ['Our suspension no longer stands. If they cannot sign in, the reason is another one.'];
  }
}

/** What the desk may do now, for the person on the phone. */
export function whatMayBeDone(story: Story): readonly string[] {
  const plan = newestTarget(story);
  const notices = plan?.notices ?? [];
  const isDisputed = notices.some((notice) => notice.dispute !== null);
  const isUnreached = notices.some((notice) => ['bounced', 'refused', 'suppressed'].includes(notice.state));
  return [
    'First be sure that you speak with its holder. This page proves nothing about who calls.',
    ...(story.now.quarantinedBy === null
      ? []
      : [
          'They set a new password with “forgot password” in the app or on the site, typed by themselves, not by a link that they were sent. Nobody can tell them the old one, and nobody here can set one.',
        ]),
    ...(plan !== null && ['address-changed', 'password-changed'].includes(plan.lane)
      ? [
          `Do not let them in by the address on the account: ${plan.laneWords.why}. ${capital(plan.laneWords.owner)}: ${plan.laneWords.clock}.`,
        ]
      : []),
    ...(story.now.liveEvidence > 0 && !isDisputed && notices.length > 0
      ? [
          'Do they say that the notice is not right? The button in the notice, “this is not right”, counts; a call does not.',
        ]
      : []),
    ...(isDisputed
      ? ['They said that it is not right. It is counted where two people decide whether this goes on.']
      : []),
    ...(isUnreached ? ['Mails do not reach them. Ask for another way to reach them, as your service allows.'] : []),
    ...openRetractions(plan?.retractions ?? []).map(openWords),
    'Say nothing of other people: not how many, not who.',
  ];
}

/** Newest first. One that was never started counts only while it is the newest: it was drawn up anew, or closed otherwise. */
function openRetractions(all: readonly Retraction[]): readonly Retraction[] {
  const open: Retraction[] = [];
  for (const one of all.toReversed()) {
    if (one.started && one.isTerminal) break;
    if (!one.isTerminal && (one.started || open.length === 0)) open.push(one);
  }
  return open;
}

function openWords({ retraction, started, reason, credential, letter }: Retraction): string {
  const because = reasonWords[reason] ?? reason;
  if (credential === 'needs-a-person')
    return `${retraction} leaves this account to a person: ${because}. Nothing is done for it by itself.`;
  if (!started) return `${retraction} would put this right: ${because}. It was drawn up and not started yet.`;
  if (letter === 'withheld')
    return `${retraction} has this account as left over: no true letter could be written. Somebody has to close it.`;
  return `${retraction} was started and is not done with this account yet: ${because}. If it is finished all the same, somebody has to close it.`;
}

/** For the heading: how many plans met the account. */
export function metWords({ plans }: Story): string {
  const acted = plans.filter((plan) => plan.kind === 'target').length;
  const left = plans.length - acted;
  const words = [
    ...(acted === 0 ? [] : [`named by ${countOf(acted)}`]),
    ...(left === 0 ? [] : [`left out of ${countOf(left)}`]),
  ].join(', ');
  return words === '' ? 'No plan met it.' : `${capital(words)}.`;
}

function countOf(plans: number): string {
  return plans === 1 ? 'one plan' : `${plans} plans`;
}
