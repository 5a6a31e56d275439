/**
 * Everything by which a process changes something outside of itself: bytes to a file or a socket, names, lengths, and what
 * makes them last. With `?` a name that an architecture does not have is no error to strace.
 */
export const writeSyscalls = [
  'write',
  'pwrite64',
  'writev',
  'pwritev',
  'pwritev2',
  'sendto',
  'sendmsg',
  'sendmmsg',
  'sendfile',
  'copy_file_range',
  'fsync',
  'fdatasync',
  'rename',
  'renameat',
  'renameat2',
  'link',
  'linkat',
  'unlink',
  'unlinkat',
  'ftruncate',
  'fallocate',
  'mkdir',
  'mkdirat',
]
  .map((name) => `?${name}`)
  .join(',');

/** Runs a command under strace that writes down each of these, and with `killAt` ends it by SIGKILL before its so many-th. */
export function underStrace(traceFile: string, killAt: number | null): readonly string[] {
  return [
    'strace',
    '-f',
    '--seccomp-bpf',
    '-qq',
    '-y',
    '-s',
    '0',
    '-o',
    traceFile,
    '-e',
    `trace=${writeSyscalls}`,
    '-e',
    'signal=none',
    ...(killAt === null ? [] : ['-e', `inject=${writeSyscalls}:signal=KILL:when=${killAt}`]),
  ];
}

/** Calls of the main thread: strace counts for each thread by itself, and ours writes with this one. */
export function callsIn(trace: string): readonly string[] {
  const lines = trace.split('\n').filter((line) => /^\d+ /.test(line));
  const main = lines[0]?.split(' ')[0] ?? '';
  return lines
    .filter((line) => line.startsWith(`${main} `) && /^\d+ +[a-z_0-9]+\(/.test(line))
    .map((line) => line.slice(main.length).trim());
}

/** What a call was about, by the name of its file. */
export function placeOf(call: string): string {
  if (call.includes('/dots/')) return 'dot file';
  if (call.includes('/permits/')) return 'permit journal';
  if (call.includes('/halting/') || call.includes('fence')) return 'fence';
  if (call.includes('checkpoints')) return 'checkpoint';
  if (call.includes('socket:') || call.includes('<TCP') || call.includes('<UNIX')) return 'socket';
  return call.includes('eventfd') || call.includes('pipe:') ? 'inner' : 'other';
}
