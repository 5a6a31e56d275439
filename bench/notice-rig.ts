import { spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { simpleParser } from 'mailparser';

import { digests } from '../src/adapters/crypto/digests.ts';
import { makeFileDotLog } from '../src/adapters/fence/file-dot-log.ts';
import { makeFileFence } from '../src/adapters/fence/file-fence.ts';
import { compileMessage } from '../src/adapters/mail/compile-message.ts';
import { makeHolderTransport } from '../src/adapters/mail/holder-transport.ts';
import { inspectMail } from '../src/adapters/mail/inspect-mail.ts';
import type { DkimKey } from '../src/adapters/mail/dkim/sign-mail.ts';
import type { SignMail } from '../src/adapters/mail/dkim/sign-mail.ts';
import { makeNoticeNumbers } from '../src/adapters/notice/notice-numbers.ts';
import { readTemplateCatalog } from '../src/adapters/template/read-template-catalog.ts';
import type { CompiledNotice } from '../src/app/notice/compile-notice.ts';
import { makeNoticeComposer } from '../src/app/notice/compose-notice.ts';
import type { HolderAddress } from '../src/app/ports/holder-transport.ts';
import type { CompiledMessage } from '../src/app/ports/message-compiler.ts';
import { deliveryByte } from '../src/domain/notice/delivery-state.ts';
import { pairTemplateWithAction } from '../src/domain/notice/pair-template-with-action.ts';
import { accountId } from '../src/domain/shared/ids.ts';

export const domain = 'chirp.example';
/** As many as one worker opens. */
export const connections = 8;
/** Mails of one permit. */
const permitSize = 100;
/** Permits under way at a time, and mails of each: those of one worker. */
const hands = 4;
const mailsPerHand = 4;

/** A server that takes everything, in a process of its own. */
export async function openDrain(): Promise<{ readonly port: number; close(): Promise<void> }> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('smtp-drain.ts', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const port = await new Promise<number>((resolve) => {
    child.stdout.once('data', (text: Buffer) => resolve(Number(text.toString())));
  });
  return {
    port,
    close: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.stdin.end();
      await ended;
    },
  };
}

export function makeKeys(): { readonly rsa: DkimKey; readonly ed25519: DkimKey } {
  return {
    rsa: { selector: 'r', privateKey: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey },
    ed25519: { selector: 'e', privateKey: generateKeyPairSync('ed25519').privateKey },
  };
}

export interface NoticeRig {
  /** One finished notice, as a worker makes it: claims proved, words chosen, message built, and looked at. */
  build(ordinal: number): Promise<{ readonly to: string; readonly content: Uint8Array }>;
  /** One notice as text and HTML, for whoever builds mails in another way. */
  words(): Promise<{ readonly text: string; readonly html: string }>;
  /** What a permit does for each of its people, but for the database: fence read, dot intent and outcome written. */
  send(count: number, smtpUrl: string, signMail: SignMail | null): Promise<void>;
  close(): Promise<void>;
}

export async function openNoticeRig(): Promise<NoticeRig> {
  const folder = await mkdtemp(join(tmpdir(), 'allclear-bench-mail-'));
  const fence = makeFileFence(folder);
  const dotLog = makeFileDotLog(folder);
  fence.ensure(1, 'tell');
  fence.setRelayAlive(true);
  const catalog = await readTemplateCatalog(fileURLToPath(new URL('../templates/notices/', import.meta.url)), digests);
  const template = catalog.findNewest('password-reset');
  if (template === null) throw new Error('no template password-reset is shipped');
  const pairing = pairTemplateWithAction(template, 'reset');
  if (pairing.kind === 'refused') throw new Error(pairing.problems.join('; '));
  const compose = makeNoticeComposer(pairing.template, {
    'service-name': 'Chirp',
    'support-contact': 'help@chirp.example',
  });
  const numberOf = makeNoticeNumbers(randomBytes(32));
  const compiled = new Map<object, Promise<CompiledMessage>>();
  const words = new Map<object, readonly string[]>();

  const build: NoticeRig['build'] = async (ordinal) => {
    const id = accountId(`account-${ordinal}`);
    const to = `holder.${ordinal}@mail.example`;
    const noticeNumber = numberOf('plan_7', id, 'notice');
    const at = new Date('2026-11-20T18:05:00Z');
    const composed = compose(
      'notice',
      {
        planId: 'plan_7',
        accountId: id,
        receipts: [
          { kind: 'contained', planId: 'plan_7', accountId: id, at },
          { kind: 'sessions-ended', planId: 'plan_7', accountId: id, at },
        ],
        evidence: [{ accountId: id, evidenceClass: 'verified', state: 'live', at }],
        earlierNotice: null,
        checkOrderedAt: null,
        addressOfRecord: 'as-frozen',
      },
      { noticeNumber, checkUrl: `https://chirp.example/notices/${noticeNumber}`, earlierNoticeNumber: null },
      'en',
    );
    if (composed.kind === 'withheld') throw new Error(composed.reason);
    const known = compiled.get(composed.compiled);
    const message =
      known ??
      compileMessage({
        from: { name: 'Chirp security', address: `security@${domain}` },
        subject: composed.compiled.subject,
        text: composed.compiled.text,
        html: composed.compiled.html,
        headers: { 'Feedback-ID': 'plan_7:notice:allclear' },
      });
    compiled.set(composed.compiled, message);
    const content = (await message).build({
      to,
      messageId: `<${noticeNumber}@${domain}>`,
      date: at,
      noticeNumber,
      slots: composed.slots as Record<string, string>,
    });
    const literals = words.get(composed.compiled) ?? literalsOf(composed.compiled);
    words.set(composed.compiled, literals);
    const own = [`security@${domain}`, `<${noticeNumber}@${domain}>`];
    if (inspectMail(content, to, own, literals).holdsForeignAddress) throw new Error('a notice held a foreign address');
    return { to, content };
  };

  return {
    build,
    async words() {
      const { text = '', html } = await simpleParser(Buffer.from((await build(0)).content), { skipHtmlToText: true });
      return { text, html: typeof html === 'string' ? html : '' };
    },
    async send(count, smtpUrl, signMail) {
      const transport = makeHolderTransport({
        smtpUrl,
        environment: 'bench',
        connections,
        ...(signMail === null ? {} : { signMail }),
      });
      const permits = Array.from({ length: Math.ceil(count / permitSize) }, (_, index) => index * permitSize);
      await inParallel(permits, hands, async (fromOrdinal) => {
        const size = Math.min(permitSize, count - fromOrdinal);
        const permit = {
          rolloutNo: 1,
          track: 'tell',
          fromOrdinal,
          size,
          wave: 0,
          attempt: 1,
          epoch: 1,
          outcome: new Uint8Array(size),
        } as const;
        const dots = dotLog.begin(permit);
        await inParallel([...permit.outcome.keys()], mailsPerHand, async (index) => {
          const { to, content } = await build(fromOrdinal + index);
          const outcome = await transport.send(
            { envelopeFrom: `bounces+${index}@${domain}`, envelopeTo: to as HolderAddress, content },
            () => fence.mayAct(1, 'tell', 1) && dots.intend(index),
          );
          if (outcome.kind !== 'accepted') throw new Error(`a mail was ${outcome.kind}`);
          dots.settle(index, deliveryByte('accepted'));
        });
        dots.close();
        dotLog.discard(permit);
      });
      await transport.close();
    },
    async close() {
      fence.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function literalsOf({ text, html }: CompiledNotice): readonly string[] {
  return [...text, ...html].filter((part) => typeof part === 'string');
}

export async function inParallel<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (const item of queue) await work(item);
    }),
  );
}
