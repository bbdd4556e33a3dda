// What do the guards of the tools cost, and the Python sandbox? Each tool against the bare operation on the same server, calls interleaved
// in one run; read the ratios and what is added, not the absolute times.
import { startRealPostgres } from '../tests/support/real-postgres.ts';
import { type Figure, ratio } from './figures.ts';
import { measureEmail } from './tools/email.ts';
import { measureHttp } from './tools/http.ts';
import { measureLedger } from './tools/ledger.ts';
import { measurePython } from './tools/python.ts';
import { measureSql } from './tools/sql.ts';

export interface Section {
  title: string;
  figures: Figure[];
}

const ms = (value: number): string => `${value.toFixed(value < 10 ? 2 : 0)} ms`;
const compare = (name: string, bareMs: number, guardedMs: number): Figure => ({ name, bare: ms(bareMs), maestro: ms(guardedMs), ratio: ratio(guardedMs, bareMs), aim: '' });

/** Memory twenty sandboxes at once may take, all processes together. */
const memoryAimMb = 8_000;

/** Calls `onSection` as each part is done. */
export async function benchTools({ quick }: { quick: boolean }, onSection: (section: Section) => void): Promise<void> {
  const postgres = await startRealPostgres().catch(() => undefined);
  if (postgres !== undefined) process.env['MAESTRO_TEST_DATABASE_URL'] = postgres.connectionString;
  try {
    const ledger = await measureLedger(quick ? 50 : 300);
    onSection({
      title: `The ledger around a call that does nothing (${ledger.database})`,
      figures: [compare('claimed, confirmed, recorded', ledger.bareMs, ledger.recordedMs), compare('the same with a limit on the tool', ledger.bareMs, ledger.limitedMs)],
    });
    if (postgres !== undefined) {
      const sql = await measureSql(postgres.connectionString, quick ? 30 : 200);
      onSection({ title: 'One query of 100 rows, on a connection of its own', figures: [compare('run_sql', sql.bareMs, sql.guardedMs), { name: 'of that, judging the text', bare: '', maestro: ms(sql.judgeMs), ratio: '', aim: '' }] });
    }
    const http = await measureHttp();
    onSection({ title: `One GET of 10 kB, ${http.requests} times`, figures: [compare('http_request', http.bareMs, http.guardedMs)] });
    const email = await measureEmail();
    onSection({ title: `One e-mail, ${email.messages} times`, figures: [compare('send_email', email.bareMs, email.guardedMs)] });
    const python = await measurePython();
    const { succeeded, peakRssMb, wallMs } = python.twentyAtOnce;
    onSection({
      title: 'One Python program that adds two numbers',
      figures: [
        ...(python.bareMs === null ? [] : [compare('warm call, against python3 on the host', python.bareMs, python.warmMs)]),
        { name: 'warm call', bare: '', maestro: ms(python.warmMs), ratio: '', aim: '' },
        { name: 'cold call (nothing kept ready)', bare: '', maestro: ms(python.coldMs), ratio: '', aim: '' },
        { name: 'twenty sandboxes at once: succeeded', bare: '20', maestro: String(succeeded), ratio: '', aim: '20' },
        { name: 'twenty sandboxes at once: memory at most', bare: '', maestro: `${peakRssMb.toFixed(0)} MB`, ratio: '', aim: `${memoryAimMb} MB` },
        { name: 'twenty sandboxes at once: time', bare: '', maestro: ms(wallMs), ratio: '', aim: '' },
      ],
    });
  } finally {
    await postgres?.stop();
  }
}
