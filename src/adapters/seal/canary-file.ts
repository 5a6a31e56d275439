import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { CanaryKeep, KeptCanary } from '../../app/directory/test-directory.ts';
import { Failure } from '../../domain/shared/failure.ts';

/** One canary in one file, 0600: written whole and synced before its hash is taken away. */
export function makeCanaryFile(path: string): CanaryKeep {
  return {
    async read() {
      let text: string;
      try {
        text = await readFile(path, 'utf8');
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw cause;
      }
      try {
        const { binding, keyId, wrapped, sealed } = JSON.parse(text) as Record<keyof KeptCanary, string>;
        return {
          binding: JSON.parse(binding) as KeptCanary['binding'],
          keyId,
          wrapped: Buffer.from(wrapped, 'base64'),
          sealed: Buffer.from(sealed, 'base64'),
        };
      } catch (cause) {
        const words = `${path} keeps the canary of a test that was cut off, and cannot be read. Look at that canary, then remove the file.`;
        throw new Failure('seal-broken', words, { path }, cause);
      }
    },
    async save({ binding, keyId, wrapped, sealed }) {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const draft = `${path}.draft`;
      const file = await open(draft, 'w', 0o600);
      try {
        await file.writeFile(
          JSON.stringify({
            binding: JSON.stringify(binding),
            keyId,
            wrapped: Buffer.from(wrapped).toString('base64'),
            sealed: Buffer.from(sealed).toString('base64'),
          }),
        );
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(draft, path);
    },
    clear: () => rm(path, { force: true }),
  };
}
