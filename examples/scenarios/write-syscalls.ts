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

/** One call among those of a process: its name, and the how-many-th of this name it is. strace counts each name by itself. */
export interface WriteCall {
  readonly name: string;
  readonly nth: number;
  /** What it was about. */
  readonly place: string;
}

/**
 * Runs a command under strace that writes these calls down, and with `killAt` ends it by SIGKILL right before that one. Without its filter by
 * seccomp, under which no signal is injected.
 */
export function underStrace(traceFile: string, killAt: WriteCall | null): readonly string[] {
  return [
    'strace',
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
    ...(killAt === null ? [] : ['-e', `inject=${killAt.name}:signal=KILL:when=${killAt.nth}`]),
  ];
}

/** The calls of a trace, in order: of the main thread, the only one that strace follows here, and the one that ours writes with. */
export function callsIn(trace: string): readonly WriteCall[] {
  const counts = new Map<string, number>();
  return trace.split('\n').flatMap((line) => {
    const name = /^([a-z_0-9]+)\(/.exec(line)?.[1];
    if (name === undefined) return [];
    const nth = (counts.get(name) ?? 0) + 1;
    counts.set(name, nth);
    return [{ name, nth, place: placeOf(line) }];
  });
}

function placeOf(call: string): string {
  if (call.includes('/dots/')) return 'dot file';
  if (call.includes('/permits/')) return 'permit journal';
  if (call.includes('/halting/') || call.includes('fence')) return 'fence';
  if (call.includes('checkpoints')) return 'checkpoint';
  if (call.includes('socket:') || call.includes('<TCP') || call.includes('<UNIX')) return 'socket';
  return call.includes('eventfd') || call.includes('pipe:') ? 'inner' : 'other';
}
