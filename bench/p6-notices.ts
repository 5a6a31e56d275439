import { connect } from 'node:net';

import { createTransport } from 'nodemailer';

import { openBenchWorld } from './bench-world.ts';
import { cpuRatio } from './benchmark.ts';
import type { Benchmark, Side, SideResult } from './benchmark.ts';
import { freezePlanOf, seedEvidence, startTelling } from './invented-plan.ts';
import { openSink, smtpSource } from './mail-peers.ts';
import { connections, domain, inParallel, openNoticeRig } from './notice-rig.ts';
import { allTold, startWorkers, tellAtOnce, warmTargets, warmUp } from './send-run.ts';
import type { RunningWorkers } from './send-run.ts';

const whole = 'a worker: permits claimed and settled in Postgres, facts read, and all below';
const ours = 'notices: claims proved, composed, looked at, fence read, dot intent written, sent';
const source = 'smtp-source, one constant mail';
const bare = 'bare pipelining client, one constant mail';
const nodemailer = 'nodemailer pool, text and HTML of one notice';

export const noticeBenchmark: Benchmark = {
  title: 'notices, one envelope each, to one server that takes everything',
  unit: 'mails',
  size: 4_000,
  rounds: 3,
  async open(size) {
    const world = await openBenchWorld();
    const sink = await openSink();
    const rig = await openNoticeRig();
    const sample = await rig.build(0);
    const words = await rig.words();
    const batch = await seedEvidence(world, size);
    const warm = await seedEvidence(world, warmTargets, 'warm');
    const postfix = smtpSource();
    let running: RunningWorkers | null = null;
    let rolloutNo = 0;
    const wholeSide: Side = {
      name: whole,
      before: async () => {
        running = await startWorkers(world, 1, sink.port, size);
        await warmUp(world, warm);
        ({ rolloutNo } = await startTelling(world, await freezePlanOf(world, batch, size, tellAtOnce)));
      },
      run: async () => {
        const [before] = (await running?.usage()) ?? [];
        const own = process.cpuUsage();
        await world.store.transact((tx) => tx.rollouts.openWave(rolloutNo, 'tell', size));
        await allTold(world, rolloutNo, size);
        const [after] = (await running?.usage()) ?? [];
        const { user, system } = process.cpuUsage(own);
        // What looks on is no part of the work.
        return {
          units: size,
          cpuSeconds: (after?.cpuSeconds ?? 0) - (before?.cpuSeconds ?? 0) - (user + system) / 1e6,
        };
      },
      after: async () => {
        await running?.stop();
      },
    };
    const side = (name: string, send: () => Promise<void>): Side => ({
      name,
      run: async () => {
        await send();
        return { units: size };
      },
    });
    return {
      postmasterPid: world.postmasterPid,
      sides: [
        wholeSide,
        side(ours, () => rig.send(size, `smtp://127.0.0.1:${sink.port}`, null)),
        ...(postfix === null ? [] : [side(source, () => postfix(sink.port, connections, size, sample.content.length))]),
        side(bare, () => sendBare(sink.port, size, sample.content)),
        side(nodemailer, () => sendByNodemailer(sink.port, size, words)),
      ],
      conclude: (results) => conclude(results, postfix === null ? bare : source, sink.name),
      async close() {
        await rig.close();
        await sink.close();
        await world.close();
      },
    };
  },
};

function conclude(results: readonly SideResult[], peer: string, sink: string) {
  const limits = [whole, ours].map((name) => cpuRatio(results, name, peer));
  const peers = [whole, ours].map((name) => cpuRatio(results, name, nodemailer));
  const [wholeLimit = 0, ourLimit = 0] = limits;
  const [wholePeer = 0, ourPeer = 0] = peers;
  return [
    {
      goal: `at least 0.6 of ${peer === source ? 'smtp-source' : 'a bare client (smtp-source is not installed)'}, to ${sink}`,
      value: `${wholeLimit.toFixed(2)} per CPU second; ${ourLimit.toFixed(2)} without the database`,
      isMet: wholeLimit >= 0.6,
    },
    {
      goal: 'at least 20 times nodemailer',
      value: `${wholePeer.toFixed(1)} times per CPU second; ${ourPeer.toFixed(1)} without the database`,
      isMet: wholePeer >= 20,
    },
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
              else if (line.startsWith('250 ') && !isGreeted) {
                isGreeted = true;
                begin();
              } else if (line.startsWith('250 ') && sent) {
                sent = false;
                begin();
              }
            }
          });
          let sent = false;
          let isGreeted = false;
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
