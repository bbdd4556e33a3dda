import { readFile } from 'node:fs/promises';

/** What the kernel says of another process. */
export interface ProcessUsage {
  residentMb: number;
  /** Of all its threads. */
  cpuMs: number;
}

/** Linux counts processor time for /proc in hundredths of a second, whatever the machine. @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const msPerTick = 10;

/** Undefined where the kernel does not tell (no /proc) or the process is gone. */
export const readProcessUsage = async (pid: number): Promise<ProcessUsage | undefined> => {
  const [status, stat] = await Promise.all(['status', 'stat'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')));
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status ?? '')?.[1];
  // Fields 14 and 15, counted after the name, which may hold spaces and parentheses.
  const fields = (stat ?? '').slice((stat ?? '').lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return kilobytes === undefined || Number.isNaN(ticks) ? undefined : { residentMb: Number(kilobytes) / 1024, cpuMs: ticks * msPerTick };
};
