import { expect, test } from 'vitest';
import { until } from '../tests/support/until.ts';
import { type RunningPart, Supervisor } from './supervisor.ts';

const timings = { firstDelay: 1, longestDelay: 5, healthyAfter: 60_000, probeEvery: 5, probeLimit: 50 };

/** A part that lives until it is told to end, with everything that happened to its lives. */
function createPart(name: string, history: string[] = []) {
  const lives: { end(how: string): void }[] = [];
  return {
    name,
    history,
    lives,
    start: async (): Promise<RunningPart> => {
      const ended = Promise.withResolvers<string>();
      let isAlive = true;
      const end = (how: string): void => {
        if (isAlive) history.push(`${name} ${how}`);
        isAlive = false;
        ended.resolve(how);
      };
      lives.push({ end });
      history.push(`${name} started`);
      return { exited: ended.promise, isAlive: () => isAlive, stop: async () => end('stopped'), kill: async () => end('killed') };
    },
  };
}

test('a part that ends is started again, each time it ends, and its end is told', async () => {
  const lines: string[] = [];
  const supervisor = new Supervisor({ log: (line) => lines.push(line), timings });
  const part = createPart('worker');
  await supervisor.add(part);
  part.lives[0]?.end('SIGKILL');
  await until('the second life', () => part.lives.length === 2);
  part.lives[1]?.end('exit code 1');
  await until('the third life', () => part.lives.length === 3);
  expect(lines[0]).toBe('worker ended (SIGKILL); starting it again');
  expect(lines[1]).toMatch(/^worker ended \(exit code 1\); starting it again in /);
  await supervisor.stop();
});

test('a part whose new start fails is tried again until it works', async () => {
  const lines: string[] = [];
  const supervisor = new Supervisor({ log: (line) => lines.push(line), timings });
  const part = createPart('database');
  let attempts = 0;
  await supervisor.add({ ...part, start: async () => (++attempts === 2 || attempts === 3 ? Promise.reject(new Error('no room')) : part.start()) });
  part.lives[0]?.end('SIGKILL');
  await until('the second life', () => part.lives.length === 2);
  expect(attempts).toBe(4);
  expect(lines.filter((line) => line === 'database did not start: no room')).toHaveLength(2);
  await supervisor.stop();
});

test('a part that does not answer is killed and started again', async () => {
  const supervisor = new Supervisor({ log: () => undefined, timings });
  const part = createPart('demo data');
  let isHung = false;
  await supervisor.add({ ...part, probe: () => (isHung && part.lives.length === 1 ? new Promise(() => {}) : Promise.resolve()) });
  isHung = true;
  await until('the second life', () => part.lives.length === 2);
  expect(part.history).toEqual(['demo data started', 'demo data killed', 'demo data started']);
  await supervisor.stop();
});

test('the first start that fails is the caller\'s to handle', async () => {
  const supervisor = new Supervisor({ log: () => undefined, timings });
  await expect(supervisor.add({ name: 'api', start: () => Promise.reject(new Error('port in use')) })).rejects.toThrow('port in use');
  await supervisor.stop();
});

test('everything stops in the reverse of its order and nothing starts again', async () => {
  const history: string[] = [];
  const supervisor = new Supervisor({ log: () => undefined, timings });
  for (const name of ['database', 'temporal', 'api']) await supervisor.add(createPart(name, history));
  await Promise.all([supervisor.stop(), supervisor.stop()]);
  expect(history).toEqual(['database started', 'temporal started', 'api started', 'api stopped', 'temporal stopped', 'database stopped']);
  const late = createPart('late', history);
  await supervisor.add(late);
  expect(history.slice(-2)).toEqual(['late started', 'late stopped']);
});
