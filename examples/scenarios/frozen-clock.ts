/**
 * Loaded before a worker by NODE_OPTIONS, to plant a fault: a process that was stopped does not notice. No clock of it
 * has moved meanwhile, as on a machine that was suspended and whose wall clock nobody has set since.
 */
const tickMs = 20;
/** No tick of a busy machine is this late; one of a stopped process is. */
const stoppedMs = 800;

const realNow = performance.now.bind(performance);
const realDateNow = Date.now.bind(Date);
let lost = 0;
let last = realNow();

function notice(): void {
  const now = realNow();
  if (now - last > stoppedMs) lost += now - last;
  last = now;
}

setInterval(notice, tickMs).unref();
performance.now = () => {
  notice();
  return realNow() - lost;
};
Date.now = () => {
  notice();
  return Math.round(realDateNow() - lost);
};
