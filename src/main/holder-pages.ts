import { digests } from '../adapters/crypto/digests.ts';
import { makeHolderMailer } from '../adapters/mail/holder-mailer.ts';
import { makeHolderTransport } from '../adapters/mail/holder-transport.ts';
import { inspectMailer } from '../adapters/mail/inspect-mailer.ts';
import { makeReturnPath } from '../adapters/mail/return-path.ts';
import { measureTransport } from '../adapters/metrics/measure-transport.ts';
import { makeBreachedRange } from '../adapters/password/breached-range.ts';
import { makePasswordJudge } from '../adapters/password/judge-password.ts';
import { makePasswordHasher } from '../adapters/password/password-hasher.ts';
import { makePasswordSchemes } from '../adapters/password/password-schemes.ts';
import { makeRecoverySecrets } from '../adapters/recovery/recovery-secrets.ts';
import { answerStatus } from '../app/status/answer-status.ts';
import { answerLifted } from '../app/appeal/answer-lifted.ts';
import { decideAppeal } from '../app/appeal/decide-appeal.ts';
import type { GivenDecision } from '../app/appeal/decide-appeal.ts';
import type { PasswordJudge } from '../app/ports/password-judge.ts';
import type { PasswordWriter } from '../app/ports/password-writer.ts';
import { askRecovery } from '../app/recovery/ask-recovery.ts';
import type { RecoveryDeps } from '../app/recovery/recovery-deps.ts';
import { readWindow, setNewPassword } from '../app/recovery/set-new-password.ts';
import type { SetPasswordDeps } from '../app/recovery/set-new-password.ts';
import { revokeRecovery } from '../app/recovery/revoke-recovery.ts';
import { typeCode } from '../app/recovery/type-code.ts';
import type { Appeal } from '../domain/appeal/appeal.ts';
import { Failure } from '../domain/shared/failure.ts';
import type { PageReadiness, RecoveryPages } from '../http/services.ts';
import { makeBackground } from './background.ts';
import type { Installation } from './installation.ts';
import { returnPathSettings, senderOf } from './mail-identity.ts';
import { openPasswordWriter } from './open-directory.ts';

export interface HolderPageServices {
  readonly recovery: RecoveryPages | null;
  pageReadiness(): Promise<PageReadiness>;
  /** Done after the answer, so that the answer tells nothing. False: too many wait already. */
  askStatus(asked: { readonly address: string }): boolean;
  decideAppeal(given: GivenDecision): Promise<Appeal>;
  /** Answers those whose account was let back in only later. */
  answerLifted(mayGoOn: () => boolean): Promise<number>;
  /** Refuses at start what would fail in front of a holder. `Failure('usage')`. */
  check(): Promise<void>;
  /** What was taken is done first. */
  close(): Promise<void>;
}

/** Connections to the mail server for codes and answers: a person waits for each, and a rollout has its own. */
const mailConnections = 2;
/** Codes written at once, and asks that wait behind them; whoever comes on top is told to come again. */
const background = { atOnce: 4, mostWaiting: 500 } as const;

/** What the pages do that write to a holder. Nothing is connected before the first of them is used. */
export function makeHolderPages(installation: Installation): HolderPageServices {
  const { config, store, directory, seal, clock, fence, keys, log } = installation;
  const smtpUrl = config.recoverySmtpUrl ?? config.smtpUrl;
  const jobs = makeBackground(background);
  const schemes = makePasswordSchemes();
  const returnPath = returnPathSettings({ ...config, keys });
  const mailer =
    smtpUrl === null
      ? null
      : makeHolderMailer({
          transport: measureTransport(
            makeHolderTransport({
              smtpUrl,
              environment: config.environment,
              connections: mailConnections,
              ...(installation.dkim === null ? {} : { signMail: installation.dkim.signMail }),
            }),
            installation.metrics,
          ),
          from: senderOf(config.mailFrom),
          returnPath: (reference) => makeReturnPath(returnPath, reference),
          now: () => clock.now(),
          monotonicMs: () => clock.monotonicMs(),
          inspect: () => inspectMailer(smtpUrl),
          isHalted: () => fence.haltFilePresent(),
        });
  let writer: Promise<PasswordWriter> | null = null;

  const deps: RecoveryDeps | null =
    mailer === null
      ? null
      : {
          store,
          digests,
          directory,
          seal,
          mailer,
          secrets: makeRecoverySecrets(keys.derive('recovery')),
          deployment: installation.deployment.deploymentId,
          serviceName: config.serviceName,
          supportContact: config.supportContact,
          recoverUrl: new URL('/recover', config.publicUrl).href,
          delayHours: config.recoveryDelayHours,
          missesPerHour: config.recoveryMissesPerHour,
          warn: (facts, words) => log.warn(facts, words),
        };

  const afterwards: SetPasswordDeps['afterwards'] = (work) =>
    void inBackground('a new password was not confirmed by mail', work);

  function openWriter(): Promise<PasswordWriter> {
    writer ??= openPasswordWriter(config, {
      onIdleError: (error) => log.warn({ err: error }, 'a directory connection of recovery was lost'),
    });
    return writer;
  }

  async function settingDeps(known: RecoveryDeps): Promise<SetPasswordDeps> {
    judge ??= makePasswordJudge(
      breachCheckUrl === null ? null : makeBreachedRange(breachCheckUrl, (words) => log.warn(words)),
    );
    return { ...known, schemes, hasher, judge, writer: await openWriter(), afterwards };
  }
  const hasher = makePasswordHasher();
  const { breachCheckUrl } = config;
  // Its word lists take some megabytes: made when the first password is judged.
  let judge: PasswordJudge | null = null;

  function inBackground(what: string, work: () => Promise<unknown>): boolean {
    return jobs.run(async () => {
      try {
        await work();
      } catch (error) {
        log.error({ err: error }, what);
      }
    });
  }

  const { serviceName, supportContact } = config;
  const answering = { store, mailer, serviceName, supportContact };

  return {
    async pageReadiness() {
      if (fence.haltFilePresent()) return 'halted';
      try {
        if ((await store.transact((tx) => tx.standing.behind())) !== null) return 'away';
        // A directory that does not answer keeps everybody waiting alike.
        await directory.findByAddresses(['nobody@invalid']);
      } catch {
        return 'away';
      }
      return (await mailer?.isUp()) === true ? 'ready' : 'no-mail';
    },
    recovery:
      deps === null || config.recovery !== 'hosted'
        ? null
        : {
            newBrowser: () => deps.secrets.newToken(),
            ask: (ask) => inBackground('a code for a new password was not written', () => askRecovery(deps, ask)),
            typeCode: (typed) => typeCode(deps, typed),
            readWindow: (window) => readWindow(deps, window),
            setPassword: async (given) => setNewPassword(await settingDeps(deps), given),
            revoke: (typed) => revokeRecovery(deps, typed),
          },
    askStatus: (asked) =>
      deps !== null &&
      inBackground('a holder was not answered what was done to their account', () =>
        answerStatus(
          {
            ...deps,
            checkUrl: new URL('/notices', config.publicUrl).href,
            recoverUrl: config.recovery === 'hosted' ? deps.recoverUrl : config.recoveryUrl,
          },
          asked,
        ),
      ),
    decideAppeal: (given) => decideAppeal({ ...answering, lifting: { directory, seal } }, given),
    answerLifted: (mayGoOn) => answerLifted(answering, mayGoOn),
    async check() {
      if (config.recovery !== 'hosted') return;
      if (mailer === null)
        throw new Failure(
          'usage',
          'ALLCLEAR_RECOVERY=hosted writes codes by mail, and no mailer is set. Set SMTP_URL.',
        );
      try {
        await (await openWriter()).check();
      } catch (error) {
        if (!(error instanceof Failure) || error.code !== 'directory-unavailable') throw error;
        log.warn({ err: error }, 'the directory does not answer yet: nobody can choose a new password now');
      }
    },
    async close() {
      await jobs.drained();
      await mailer?.close();
      if (writer !== null) await (await writer).close();
    },
  };
}
