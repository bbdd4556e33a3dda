import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findTemporalBinary, temporalCliVersion, temporalSources } from './temporal-binary.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maestro-binary-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function program(path: string, script = 'echo temporal version 1.5.1'): Promise<string> {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}
const cacheDir = (): string => join(folder, 'cache', 'maestro', `temporal-${temporalCliVersion}`);
const env = (more: Record<string, string> = {}): NodeJS.ProcessEnv => ({ PATH: `${join(folder, 'bin')}:/usr/bin:/bin`, XDG_CACHE_HOME: join(folder, 'cache'), ...more });
const never = async (): Promise<string> => {
  throw new Error('must not be asked');
};

describe('findTemporalBinary', () => {
  test('TEMPORAL_BIN comes before the path, the path before the cache, and nothing is fetched then', async () => {
    const [named, onPath, cached] = [await program(join(folder, 'named')), await program(join(folder, 'bin', 'temporal')), await program(join(cacheDir(), 'temporal'))];
    const find = (more: Record<string, string>) => findTemporalBinary(undefined, env(more), [['x', never]]);
    expect(await find({ TEMPORAL_BIN: named })).toBe(named);
    expect(await find({})).toBe(onPath);
    expect(await find({ PATH: '/usr/bin:/bin' })).toBe(cached);
  });

  test('a TEMPORAL_BIN that cannot be run is refused by name instead of being passed over', async () => {
    await program(join(folder, 'bin', 'temporal'));
    await expect(findTemporalBinary(undefined, env({ TEMPORAL_BIN: join(folder, 'nothing') }))).rejects.toThrow(/TEMPORAL_BIN is .*nothing/);
  });

  test('sources are tried in order, and what one made is in the cache for the next time', async () => {
    const asked: string[] = [];
    const make = (name: string, script: string) => async (target: string): Promise<string> => {
      asked.push(name);
      return program(join(target, 'temporal-of-any-name'), script);
    };
    const cached = await findTemporalBinary(undefined, env(), [['broken', make('broken', 'exit 3')], ['good', make('good', 'exit 0')]]);
    expect(asked).toEqual(['broken', 'good']);
    expect(cached).toBe(join(cacheDir(), 'temporal'));
    expect(await readdir(cacheDir())).toEqual(['temporal']);
    expect(await findTemporalBinary(undefined, env(), [['x', never]])).toBe(cached);
  });

  test('Go is called with the pinned module and says what it is doing', async () => {
    await program(join(folder, 'bin', 'go'), `echo "$@" > ${folder}/args; printf '#!/bin/sh\\nexit 0\\n' > "$GOBIN/temporal"; chmod +x "$GOBIN/temporal"`);
    const lines: string[] = [];
    const path = await findTemporalBinary((line) => lines.push(line), env(), temporalSources.filter(([name]) => name.includes('Go')));
    expect(path).toBe(join(cacheDir(), 'temporal'));
    expect(await readFile(join(folder, 'args'), 'utf8')).toBe(`install github.com/temporalio/cli/cmd/temporal@v${temporalCliVersion}\n`);
    expect(lines.join()).toContain(`temporalio/cli/cmd/temporal@v${temporalCliVersion}`);
  });

  test('when nothing works the message lists everything that was tried and what to do', async () => {
    const fails = async (): Promise<string> => {
      throw new Error('no route to anywhere');
    };
    const error = await findTemporalBinary(undefined, env(), [['the official download', fails], ['building it with Go', fails]]).catch((reason: unknown) => String(reason));
    for (const part of ['TEMPORAL_BIN is not set', 'no "temporal" on the PATH', cacheDir(), 'the official download failed: no route to anywhere', 'building it with Go failed', 'TEMPORAL_ADDRESS'])
      expect(error).toContain(part);
  });
});
