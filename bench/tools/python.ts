import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createPythonSandbox } from '../../engine/tools/execute-python/index.ts';
import { percentile } from '../figures.ts';

const run = promisify(execFile);
const never = new AbortController().signal;
const atOnce = 20;
/** What an agent asks for: a few rows, a mean. Prints its answer, so that the host's Python gives the same. */
const program = 'import json, statistics\nrows = [{"score": n % 7} for n in range(1000)]\nprint(json.dumps({"mean": statistics.mean(row["score"] for row in rows)}))';
/** Holds 20 MB for a second, so that all are there together. */
const holding = 'import time\nheld = bytearray(20_000_000)\ntime.sleep(1)\nlen(held)';

const medianOf = async (times: number, measure: () => Promise<number>): Promise<number> => {
  const values: number[] = [];
  for (let index = 0; index < times; index += 1) values.push(await measure());
  return percentile(values, 50);
};

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
};

/** Resident MB of this process's children, all together; 0 where there is no /proc. */
const childrenResidentMb = async (): Promise<number> => {
  const threads = await readdir('/proc/self/task').catch(() => []);
  const lists = await Promise.all(threads.map((thread) => readFile(`/proc/self/task/${thread}/children`, 'utf8').catch(() => '')));
  const pids = lists.join(' ').split(' ').filter((pid) => pid !== '');
  const sizes = await Promise.all(pids.map(async (pid) => Number(/^VmRSS:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, 'utf8').catch(() => ''))?.[1] ?? 0) / 1024));
  return sizes.reduce((sum, size) => sum + size, 0);
};

export interface PythonFigures {
  /** A call that starts its own process; median of 5. */
  coldMs: number;
  /** A call that finds a process ready; median of 5. */
  warmMs: number;
  /** The same program in the host's python3; null where there is none. */
  bareMs: number | null;
  /** Peak of one process that only waits, resident; 0 where there is no /proc. */
  waitingRssMb: number;
  /** Twenty programs at once that hold 20 MB each. */
  twentyAtOnce: { succeeded: number; peakRssMb: number; wallMs: number };
}

/** What running Python in the sandbox costs on this machine, beside Python without one. */
export async function measurePython(): Promise<PythonFigures> {
  const cacheDir = await mkdtemp(join(tmpdir(), 'maestro-bench-python-'));
  const cold = createPythonSandbox({ cacheDir, poolSize: 0 });
  const warm = createPythonSandbox({ cacheDir, poolSize: 1 });
  const many = createPythonSandbox({ cacheDir, poolSize: 0, maxConcurrent: atOnce });
  try {
    await cold.warmUp(); // makes the memory image, which is kept between starts of Maestro
    const coldMs = await medianOf(5, () => timed(() => cold.run({ code: program, inputs: {}, timeoutMs: 60_000 }, never)));
    await warm.warmUp();
    const waitingRssMb = await childrenResidentMb();
    const warmMs = await medianOf(5, async () => {
      await warm.warmUp();
      return timed(() => warm.run({ code: program, inputs: {}, timeoutMs: 60_000 }, never));
    });
    await warm.close();
    const bareMs = await run('python3', ['-c', program]).then(() => medianOf(5, () => timed(() => run('python3', ['-c', program]))), () => null);

    let peakRssMb = 0;
    let isOver = false;
    const watch = (async () => {
      while (!isOver) {
        peakRssMb = Math.max(peakRssMb, await childrenResidentMb());
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    })();
    let succeeded = 0;
    const wallMs = await timed(() => Promise.all(Array.from({ length: atOnce }, async () => {
      const outcome = await many.run({ code: holding, inputs: {}, timeoutMs: 120_000 }, never).catch(() => undefined);
      if (outcome?.result === 20_000_000) succeeded += 1;
    })));
    isOver = true;
    await watch;
    return { coldMs, warmMs, bareMs, waitingRssMb, twentyAtOnce: { succeeded, peakRssMb: Math.round(peakRssMb), wallMs } };
  } finally {
    await Promise.all([cold, warm, many].map((sandbox) => sandbox.close()));
    await rm(cacheDir, { recursive: true, force: true });
  }
}
