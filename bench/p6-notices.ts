import { connect } from 'node:net';

import { createTransport } from 'nodemailer';

import { cpuRatio } from './benchmark.ts';
import type { Benchmark, SideResult } from './benchmark.ts';
import { connections, domain, inParallel, openDrain, openNoticeRig } from './notice-rig.ts';

const ours = 'notices: claims proved, composed, looked at, fence read, dot intent written, sent';
const bare = 'bare pipelining client, one constant mail';
const nodemailer = 'nodemailer pool, text and HTML of one notice';

export const noticeBenchmark: Benchmark = {
  title: 'notices, one envelope each, to one server that takes everything (a permit and its facts are P5)',
  unit: 'mails',
  size: 4_000,
  rounds: 3,
  async open(size) {
    const drain = await openDrain();
    const rig = await openNoticeRig();
    const sample = await rig.build(0);
    const words = await rig.words();
    return {
      postmasterPid: null,
      sides: [
        {
          name: ours,
          run: async () => {
            await rig.send(size, `smtp://127.0.0.1:${drain.port}`, null);
            return { units: size };
          },
        },
        {
          name: bare,
          run: async () => {
            await sendBare(drain.port, size, sample.content);
            return { units: size };
          },
        },
        {
          name: nodemailer,
          run: async () => {
            await sendByNodemailer(drain.port, size, words);
            return { units: size };
          },
        },
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
  const limit = cpuRatio(results, ours, bare);
  const peer = cpuRatio(results, ours, nodemailer);
  return [
    {
      goal: 'at least 0.6 of a bare client (in place of smtp-source)',
      value: `${limit.toFixed(2)} per CPU second`,
      isMet: limit >= 0.6,
    },
    { goal: 'at least 20 times nodemailer', value: `${peer.toFixed(1)} times per CPU second`, isMet: peer >= 20 },
  ];
}

/** Writes MAIL, RCPT and DATA at once, the mail and its dot at once, and counts replies: nothing is looked at. */
async function sendBare(port: number, count: number, content: Uint8Array): Promise<void> {
  let left = count;
  const whole = Buffer.concat([content, Buffer.from('\r\n.\r\n')]);
  await Promise.all(
    Array.from(
      { length: connections },
      () =>
        new Promise<void>((resolve, reject) => {
          const socket = connect({ port, host: '127.0.0.1', noDelay: true });
          let input = '';
          const begin = (): void => {
            if (left === 0) return void socket.end('QUIT\r\n');
            left -= 1;
            socket.write(`MAIL FROM:<b@${domain}>\r\nRCPT TO:<holder.${left}@mail.example>\r\nDATA\r\n`);
          };
          socket.on('error', reject);
          socket.on('close', () => resolve());
          socket.on('data', (chunk) => {
            input += chunk.toString('latin1');
            for (let end = input.indexOf('\r\n'); end !== -1; end = input.indexOf('\r\n')) {
              const line = input.slice(0, end);
              input = input.slice(end + 2);
              if (line.startsWith('220 ')) socket.write('EHLO bench.test\r\n');
              else if (line.startsWith('354 ')) socket.write(whole, () => (sent = true));
              else if (line.startsWith('250 SIZE')) begin();
              else if (line.startsWith('250 ') && sent) {
                sent = false;
                begin();
              }
            }
          });
          let sent = false;
        }),
    ),
  );
}

async function sendByNodemailer(
  port: number,
  count: number,
  { text, html }: { readonly text: string; readonly html: string },
): Promise<void> {
  const transport = createTransport({
    pool: true,
    host: '127.0.0.1',
    port,
    ignoreTLS: true,
    maxConnections: connections,
    maxMessages: 100,
    logger: false,
  });
  await inParallel([...Array(count).keys()], connections * 2, async (ordinal) => {
    await transport.sendMail({
      from: `Chirp security <security@${domain}>`,
      to: `holder.${ordinal}@mail.example`,
      envelope: { from: `b@${domain}`, to: `holder.${ordinal}@mail.example` },
      subject: 'Your password was reset',
      text,
      html,
    });
  });
  transport.close();
}
