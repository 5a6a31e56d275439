/**
 * Loaded before a server or a worker by NODE_OPTIONS: its wall clock is wrong from the start, and jumps to another wrong
 * time at each SIGWINCH. The monotonic clock stays as it is, as on a machine whose time somebody sets.
 */
const secondMs = 1_000;
const dayMs = 86_400_000;
/** Wrong by so much, in turn: by less and by more than a permit, a soak, an approval, a restore point live. */
const offsetsMs = [
  -7_200 * secondMs,
  3 * secondMs,
  -3 * secondMs,
  300 * secondMs,
  30 * dayMs,
  -300 * secondMs,
  7_200 * secondMs,
  -30 * dayMs,
  secondMs,
  0,
];

const RealDate = Date;
const realNow = Date.now.bind(Date);
let turn = Number(process.env['RIG_CLOCK_SEED'] ?? 0);

function now(): number {
  return realNow() + (offsetsMs[turn % offsetsMs.length] ?? 0);
}

process.on('SIGWINCH', () => (turn += 1));

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args: readonly unknown[], self) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, self === globalThis.Date ? target : self) as Date,
  apply: () => new RealDate(now()).toString(),
  get: (target, name, self) => (name === 'now' ? now : (Reflect.get(target, name, self) as unknown)),
});
