import { randomInt } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { z } from 'zod';
import { StartError } from './start-error.ts';

/** Below the range systems take outgoing connections from, so that a remembered port is rarely taken at the next start. */
const [lowest, highest] = [20_000, 29_999];

/** Whether a process may listen here now. */
export const isPortFree = (port: number, host = '127.0.0.1'): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });

/**
 * Makes sure that a port people know is free. @param waitMs how long whoever has it may take to let go (a killed start is still ending).
 * @throws StartError naming the port and the setting that moves it.
 */
export async function claimPort({ port, host, what, setting, waitMs }: { port: number; host: string; what: string; setting: string; waitMs: number }): Promise<void> {
  for (const deadline = Date.now() + waitMs; !(await isPortFree(port, host)); ) {
    if (Date.now() >= deadline) throw new StartError(`Port ${port}, for ${what}, is already in use: stop what uses it, or choose another one with ${setting}=${port + 1}.`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

const portNames = ['database', 'demoData', 'temporal', 'smtp'] as const;
export type InternalPorts = Record<(typeof portNames)[number], number>;
const rememberedSchema = z.partialRecord(z.enum(portNames), z.number().int().min(1).max(65_535));

async function choosePort(taken: readonly number[]): Promise<number> {
  for (;;) {
    const port = randomInt(lowest, highest + 1);
    if (!taken.includes(port) && (await isPortFree(port))) return port;
  }
}

/** Ports that nobody needs to know: those of the last start where they are still free, else others, remembered in `file`. */
export async function chooseInternalPorts(file: string): Promise<InternalPorts> {
  let remembered: z.infer<typeof rememberedSchema> = {};
  try {
    remembered = rememberedSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // The first start, or a file somebody damaged: choosing anew costs nothing.
  }
  const chosen: Partial<InternalPorts> = {};
  for (const name of portNames) {
    const last = remembered[name];
    chosen[name] = last !== undefined && (await isPortFree(last)) ? last : await choosePort(Object.values(chosen));
  }
  writeFileSync(file, `${JSON.stringify(chosen, null, 2)}\n`);
  return chosen as InternalPorts;
}
