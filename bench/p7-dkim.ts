import { createHash, sign } from 'node:crypto';

import type { DKIMSignOptions } from 'mailauth';
import { dkimSign } from 'mailauth/lib/dkim/sign.js';
import { createTransport } from 'nodemailer';

import { makeMailSigner } from '../src/adapters/mail/dkim/sign-mail.ts';
import { cpuRatio } from './benchmark.ts';
import type { Benchmark, Side, SideResult } from './benchmark.ts';
import { openSink } from './mail-peers.ts';
import { domain, inParallel, makeKeys, openNoticeRig } from './notice-rig.ts';

const limit = 'limit: one RSA-2048 signature, nothing else';
const limitBoth = 'limit: one RSA-2048 and one Ed25519 signature, nothing else';
const ours = 'ours: a finished notice signed with RSA';
const oursBoth = 'ours: a finished notice signed with RSA and Ed25519';
const whole = 'ours: notices composed, built, looked at, signed with both, sent';
const mailauth = 'mailauth: a finished notice signed with both';
const nodemailer = 'nodemailer: a notice composed and signed with RSA';

/** Mails under way at a time, as in one worker. */
const width = 16;

export const dkimBenchmark: Benchmark = {
  title: 'notices signed with DKIM',
  unit: 'mails',
  size: 2_000,
  rounds: 3,
  async open(size) {
    const drain = await openSink();
    const rig = await openNoticeRig();
    const { rsa, ed25519 } = makeKeys();
    const mails = await Promise.all(Array.from({ length: 50 }, (_, ordinal) => rig.build(ordinal)));
    const head = Buffer.alloc(1_400, 'from:a header, canonical ');
    const mailOf = (ordinal: number): Uint8Array => mails[ordinal % mails.length]?.content ?? new Uint8Array();
    const each = (name: string, work: (ordinal: number) => unknown): Side => ({
      name,
      run: async () => {
        await inParallel([...Array(size).keys()], width, async (ordinal) => void (await work(ordinal)));
        return { units: size };
      },
    });
    const signRsa = makeMailSigner({ domain, keys: [rsa] });
    const signBoth = makeMailSigner({ domain, keys: [rsa, ed25519] });
    const transport = createTransport({
      streamTransport: true,
      buffer: true,
      dkim: {
        domainName: domain,
        keySelector: rsa.selector,
        privateKey: rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      },
    });
    const { text, html } = await rig.words();
    const pems = [rsa, ed25519].map(({ selector, privateKey }) => ({
      signingDomain: domain,
      selector,
      privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    }));
    return {
      postmasterPid: null,
      sides: [
        each(limit, () => sign('sha256', head, rsa.privateKey)),
        each(limitBoth, () => {
          sign('sha256', head, rsa.privateKey);
          sign(null, createHash('sha256').update(head).digest(), ed25519.privateKey);
        }),
        each(ours, (ordinal) => signRsa(mailOf(ordinal))),
        each(oursBoth, (ordinal) => signBoth(mailOf(ordinal))),
        {
          name: whole,
          run: async () => {
            await rig.send(size, `smtp://127.0.0.1:${drain.port}`, signBoth);
            return { units: size };
          },
        },
        each(mailauth, async (ordinal) => {
          const { signatures } = await dkimSign(Buffer.from(mailOf(ordinal)), {
            canonicalization: 'relaxed/relaxed',
            // It takes keys as text alone, and opens them for each mail.
            signatureData: pems,
          } as unknown as DKIMSignOptions);
          if (signatures === '') throw new Error('mailauth did not sign');
        }),
        each(nodemailer, (ordinal) =>
          transport.sendMail({
            from: `Chirp security <security@${domain}>`,
            to: `holder.${ordinal}@mail.example`,
            subject: 'Your password was reset',
            text,
            html,
          }),
        ),
      ],
      conclude,
      async close() {
        await rig.close();
        await drain.close();
      },
    };
  },
};

function conclude(results: readonly SideResult[]) {
  const one = cpuRatio(results, ours, limit);
  const both = cpuRatio(results, oursBoth, limitBoth);
  const sent = cpuRatio(results, whole, nodemailer);
  return [
    {
      goal: 'RSA: at least 0.85 of the signature alone',
      value: `${one.toFixed(2)} per CPU second`,
      isMet: one >= 0.85,
    },
    {
      goal: 'RSA and Ed25519: at least 0.85 of the two signatures alone',
      value: `${both.toFixed(2)} per CPU second`,
      isMet: both >= 0.85,
    },
    {
      goal: 'sent and signed with both: at least 5 times nodemailer, which only signs with one',
      value: `${sent.toFixed(1)} times per CPU second`,
      isMet: sent >= 5,
    },
  ];
}
