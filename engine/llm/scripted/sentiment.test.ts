import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPythonSandbox, type PythonSandbox } from '../../tools/index.ts';
import { loadScripts } from './load-scripts.ts';

interface Figures {
  total: number;
  negative: number;
  neutral: number;
  positive: number;
  average_score: number;
  by_priority: { priority: string; count: number; average_score: number }[];
  worst: { id: number; priority: string; status: string; subject: string; score: number }[];
  scores: { id: number; score: number }[];
}

// The program the demo agent submits, run where it will run.
describe('the sentiment program of the support ticket analyzer', { timeout: 60_000 }, () => {
  let cacheDir: string;
  let sandbox: PythonSandbox;
  const code = String(loadScripts().get('support-ticket-analyzer')?.script.steps['analysis']?.calls[0]?.arguments['code']);
  beforeAll(async () => {
    cacheDir = await mkdtemp(join(tmpdir(), 'maestro-sentiment-'));
    sandbox = createPythonSandbox({ cacheDir });
  }, 120_000);
  afterAll(async () => {
    await sandbox.close();
    await rm(cacheDir, { recursive: true, force: true });
  });
  const analyse = async (rows: { id: number; priority: string | null; status?: string | null; subject: string | null; body: string | null }[]): Promise<Figures> => {
    const { result, error } = await sandbox.run({ code, inputs: { tickets: { rows: rows.map((row) => ({ status: 'open', ...row })) } }, timeoutMs: 30_000 }, new AbortController().signal);
    expect(error).toBeNull();
    return result as unknown as Figures;
  };

  test('scores, counts by priority in order of urgency, and finds the worst', async () => {
    const figures = await analyse([
      { id: 1, priority: 'low', subject: 'Thank you', body: 'Great support, I am very happy.' },
      { id: 2, priority: 'urgent', subject: 'Data lost', body: 'This is unacceptable, we lost a week of work. Terrible.' },
      { id: 3, priority: 'high', subject: 'App crashes', body: 'It did not help. Annoying.' },
      { id: 4, priority: 'low', subject: 'Question', body: 'Is there an annual plan?' },
    ]);
    expect(figures).toMatchObject({ total: 4, negative: 2, neutral: 1, positive: 1 });
    expect(figures.by_priority.map(({ priority, count }) => [priority, count])).toEqual([['urgent', 1], ['high', 1], ['low', 2]]);
    expect(figures.worst.map(({ id }) => id)).toEqual([2, 3, 4, 1]);
    expect(figures.scores.find(({ id }) => id === 4)?.score).toBe(0);
    const mean = figures.scores.reduce((sum, { score }) => sum + score, 0) / 4;
    expect(figures.average_score).toBeCloseTo(mean, 1);
  });

  test('a negation turns a word round within its clause and not beyond it', async () => {
    const { scores } = await analyse([
      { id: 1, priority: 'low', subject: 'a', body: 'The export works.' },
      { id: 2, priority: 'low', subject: 'b', body: 'The export is not working.' },
      { id: 3, priority: 'low', subject: 'c', body: 'I will not wait. Great product.' },
    ]);
    const [works, doesNot, beyond] = scores.map(({ score }) => score);
    expect(works).toBeGreaterThan(0);
    expect(doesNot).toBeLessThan(0);
    expect(beyond).toBeGreaterThan(0);
  });

  test('missing texts, an unknown priority and no tickets at all are no trouble', async () => {
    expect(await analyse([{ id: 1, priority: null, status: null, subject: null, body: null }])).toMatchObject({ total: 1, neutral: 1, by_priority: [{ priority: 'none', count: 1 }], worst: [{ id: 1, subject: '' }] });
    expect(await analyse([])).toMatchObject({ total: 0, average_score: 0, by_priority: [], worst: [] });
  });
});
