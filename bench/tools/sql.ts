import pg from 'pg';
import { createRunSqlTool } from '../../engine/tools/run-sql/index.ts';
import { inspectQuery } from '../../engine/tools/run-sql/sql-guard.ts';
import { callContext, dataSourceOf } from '../../tests/support/tools.ts';
import { percentile } from '../figures.ts';

const query = 'select n, n * 2 as double, to_char(now(), $$YYYY$$) as year from generate_series(1, 100) n order by n desc';

/** Milliseconds, p50: the query on a connection of its own by the driver alone, by the tool, and the judgement of its text alone. */
export async function measureSql(connectionString: string, rounds: number): Promise<{ bareMs: number; guardedMs: number; judgeMs: number }> {
  const tool = createRunSqlTool({ dataSources: [dataSourceOf('bench', connectionString)] });
  const [bare, guarded, judged]: [number[], number[], number[]] = [[], [], []];
  const timed = async (times: number[], work: () => unknown): Promise<void> => {
    const startedAt = performance.now();
    await work();
    times.push(performance.now() - startedAt);
  };
  for (let round = 0; round < rounds; round++) {
    await timed(bare, async () => {
      const client = new pg.Client({ connectionString });
      await client.connect();
      await client.query(query);
      await client.end();
    });
    await timed(guarded, () => tool.execute({ data_source: 'bench', query }, callContext()));
    await timed(judged, () => inspectQuery(query));
  }
  return { bareMs: percentile(bare, 50), guardedMs: percentile(guarded, 50), judgeMs: percentile(judged, 50) };
}
