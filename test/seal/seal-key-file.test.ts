import { chmod, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadKeyRing } from '../../src/adapters/seal/key-ring.ts';
import { ensureSealKey } from '../../src/adapters/seal/seal-key-file.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

describe('the sealing key file', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = makeTempFolder('key');
    path = join(folder, 'keys', 'seal.key');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is made once, for its owner alone, and is the same ever after', async () => {
    expect(await ensureSealKey(path)).toEqual({ created: true });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'keys'))).mode & 0o777).toBe(0o700);
    const { fingerprint } = await loadKeyRing(path);
    expect(await ensureSealKey(path)).toEqual({ created: false });
    expect((await loadKeyRing(path)).fingerprint).toBe(fingerprint);
  });

  it('is one key, whichever of several starting processes makes it', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => ensureSealKey(path)));
    expect(answers.filter((answer) => answer.created)).toHaveLength(1);
    await expect(loadKeyRing(path)).resolves.toBeDefined();
  });

  it('is refused while anybody else may read it', async () => {
    await ensureSealKey(path);
    await chmod(path, 0o640);
    await expect(ensureSealKey(path)).rejects.toMatchObject({ code: 'seal-broken' });
    await expect(loadKeyRing(path)).rejects.toMatchObject({ code: 'seal-broken' });
  });

  it('is not put into a folder that is open to others', async () => {
    await ensureSealKey(path);
    await rm(path);
    await chmod(join(folder, 'keys'), 0o755);
    await expect(ensureSealKey(path)).rejects.toMatchObject({ code: 'seal-broken' });
  });

  it('is missed by name when it is not there, and is never quietly made anew by a reader', async () => {
    await expect(loadKeyRing(path)).rejects.toMatchObject({ code: 'key-missing' });
    await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('is refused, and not written over, when it holds something else', async () => {
    await ensureSealKey(path);
    await writeFile(path, 'allclear-sealing-key-v1 short\n');
    await expect(ensureSealKey(path)).rejects.toMatchObject({ code: 'seal-broken' });
    expect(await readFile(path, 'utf8')).toBe('allclear-sealing-key-v1 short\n');
  });
});
