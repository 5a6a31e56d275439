import { linkSync, rmSync, writeFileSync } from 'node:fs';

/** Puts a file in place whole, or not at all where one is there: nobody ever reads or marks half of it. */
export function linkWhole(path: string, content: Buffer): boolean {
  const whole = `${path}.${process.pid}.new`;
  try {
    writeFileSync(whole, content, { mode: 0o600 });
    linkSync(whole, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(whole, { force: true });
  }
}
