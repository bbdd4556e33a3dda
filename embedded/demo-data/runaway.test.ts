import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDataDir } from '../data-dir.ts';
import { demoDataPart } from '../parts.ts';
import { chooseInternalPorts } from '../ports.ts';
import { Supervisor } from '../supervisor.ts';
import { createRunSqlTool } from '../../engine/tools/run-sql/index.ts';
import type { ToolCallContext } from '../../engine/tools/tool.ts';
import { until } from '../../tests/support/until.ts';

// The demo's ticket database as an installation runs it: PGlite in a process of its own, supervised.

let folder: string;
let dataDir: ReturnType<typeof openDataDir>;
let supervisor: Supervisor;
let connectionString: string;
const lines: string[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maestro-demo-data-'));
  dataDir = openDataDir(join(folder, 'data'));
  const ports = await chooseInternalPorts(dataDir.at('ports.json'));
  connectionString = `postgres://postgres:postgres@127.0.0.1:${ports.demoData}/postgres`;
  supervisor = new Supervisor({ log: (line) => lines.push(line), timings: { probeEvery: 1_000, probeLimit: 4_000 } });
  await supervisor.add(demoDataPart(dataDir, ports));
});
afterAll(async () => {
  await supervisor.stop();
  dataDir.release();
  await rm(folder, { recursive: true, force: true });
});

const ask = async (query: string): Promise<unknown> => {
  const tool = createRunSqlTool({ dataSources: [{ name: 'support', connectionString, description: '', readableTables: null, privateColumns: [], maxRows: 1_000, statementTimeoutMs: 30_000, problem: null }] });
  return ((await tool.execute({ data_source: 'support', query }, { signal: new AbortController().signal } as ToolCallContext)).output as { rows: unknown }).rows;
};
const todaysTickets = 'select count(*) as n from tickets where created_at >= current_date';
const answersAgain = (): Promise<unknown> => until('the demo data to answer again', () => ask(todaysTickets), { timeoutMs: 120_000 });

describe('a query that never ends on PGlite, which cannot interrupt itself', () => {
  test.each([
    ['counts a cartesian product', 'select count(*) from generate_series(1, 1000000) a, generate_series(1, 1000000) b'],
    ['fills the disk before its first row', 'select * from generate_series(1, 100000000000)'],
    ['recurses without end', 'with recursive r(n) as (select 1 union all select n + 1 from r) select count(*) from r'],
  ])('and %s ends as a tool error within its limit; the process is replaced and answers again', async (_what, query) => {
    expect(await ask(todaysTickets)).toEqual([{ n: 47 }]);
    const before = lines.length;
    await expect(ask(query)).rejects.toMatchObject({ code: expect.stringMatching(/^TOOL_(TIMEOUT|FAILED)$/) as string });
    expect(await answersAgain()).toEqual([{ n: 47 }]);
    if (lines.length > before) expect(lines.slice(before).join('\n')).toMatch(/demo data does not answer; ending it[^]*starting it again/);
    expect(await readdir(join(dataDir.at('demo-data'), 'data', 'base', 'pgsql_tmp')).catch(() => [])).toEqual([]);
  }, 240_000);
});
