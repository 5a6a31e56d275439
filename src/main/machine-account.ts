import { userInfo } from 'node:os';

/** The account of this machine under which this process runs; by number where it has no name, as in many containers. */
export function machineAccount(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
