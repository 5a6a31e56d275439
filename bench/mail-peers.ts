import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { openDrain } from './notice-rig.ts';

/** Of Debian's package postfix. */
const sinkPath = '/usr/sbin/smtp-sink';
const sourcePath = '/usr/sbin/smtp-source';
/** Bound of the sink's queue of connections that wait to be taken. */
const backlog = '1024';
const startTries = 100;
const startPauseMs = 20;

export interface Sink {
  /** What the page calls it. */
  readonly name: string;
  readonly port: number;
  close(): Promise<void>;
}

/** smtp-sink where Postfix is installed, else our own process that takes every mail and forgets it. */
export async function openSink(): Promise<Sink> {
  if (!existsSync(sinkPath)) return { name: 'a sink of our own (smtp-sink is not installed)', ...(await openDrain()) };
  const port = await freePort();
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const child = spawn(sinkPath, [...user, `127.0.0.1:${port}`, backlog], { stdio: 'ignore' });
  for (let tries = 0; !(await answers(port)); tries += 1) {
    if (tries >= startTries || child.exitCode !== null) throw new Error('smtp-sink did not start');
    await delay(startPauseMs);
  }
  return {
    name: 'smtp-sink',
    port,
    async close() {
      const gone = once(child, 'exit');
      child.kill();
      await gone;
    },
  };
}

/** Null where Postfix is not installed. Its CPU seconds are those of a child of ours that ended. */
export function smtpSource():
  | ((port: number, connections: number, mails: number, sizeBytes: number) => Promise<void>)
  | null {
  if (!existsSync(sourcePath)) return null;
  return async (port, connections, mails, sizeBytes) => {
    const line = [
      '-d',
      '-s',
      connections,
      '-m',
      mails,
      '-l',
      sizeBytes,
      '-f',
      'b@chirp.example',
      '-t',
      'h@mail.example',
    ];
    await promisify(execFile)(sourcePath, [...line, `127.0.0.1:${port}`].map(String));
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', () => resolve(false));
    socket.once('data', () => {
      socket.end('QUIT\r\n');
      resolve(true);
    });
  });
}
