import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { AppError } from '../../../contracts/errors.ts';
import type { RunPhase } from '../../../contracts/runs.ts';
import { lockRun, updateRunPhase } from '../../../db/repositories/runs.repository.ts';
import { recordPhase } from '../../../engine/runs/index.ts';
import { insertTestAgent } from '../../../tests/support/agents.ts';
import { type ApiServer, startApiServer } from '../../../tests/support/api-server.ts';

let api: ApiServer;
let agentId: string;
let runId: string;
beforeAll(async () => {
  api = await startApiServer();
  agentId = await insertTestAgent(api.deps);
});
afterAll(() => api.close());
beforeEach(async () => {
  runId = (await api.call('createRun', { as: 'operator', body: { agent_id: agentId, inputs: { goal: 'Hold.' } } })).run_id;
});

const ask = async (...what: ('pause' | 'resume')[]) => {
  for (const name of what) await api.call(`${name}Run`, { as: 'operator', params: { run_id: runId } });
};
/** What Temporal was told of the run, each of which is audited. */
const told = async () => {
  const entries = await api.deps.db.selectFrom('audit_log').select('action').where('object_id', '=', runId).where('action', 'in', ['run.pause', 'run.resume']).orderBy('sequence').execute();
  const signals = api.agentRuns.told.filter((signal) => signal.runId === runId).map(({ what }) => what);
  expect(entries.map(({ action }) => action)).toEqual(signals.map((what) => `run.${what}`));
  return signals;
};
/** The run's own doing, whoever asked for it. */
const comesTo = (phase: 'paused' | 'running') => recordPhase(api.deps, { runId, phase, by: 'Temporal' });
const moveTo = (phase: RunPhase) => api.deps.db.transaction().execute(async (trx) => updateRunPhase(trx, (await lockRun(trx, runId))!, phase));

it('what would change nothing is accepted, and neither told to Temporal nor audited', async () => {
  await ask('pause', 'pause');
  await comesTo('paused');
  await ask('pause');
  expect(await told()).toEqual(['pause']);
  await ask('resume', 'resume', 'pause', 'resume');
  expect(await told()).toEqual(['pause', 'resume', 'pause', 'resume']);
  await comesTo('running');
  await ask('resume');
  expect(await told()).toEqual(['pause', 'resume', 'pause', 'resume']);
});

it.each(['pause', 'resume'] as const)('a %s that is not known to have come about within a minute is told again', async (what) => {
  await ask(what, what);
  await api.deps.db.updateTable('runs').set({ hold_asked_at: new Date(Date.now() - 61_000), phase_since: new Date(Date.now() - 62_000) }).where('id', '=', runId).execute();
  await ask(what, what);
  expect(await told()).toEqual([what, what]);
});

it('a pause that came about after the resume that followed it can be ended at once, and the other way round', async () => {
  await ask('pause', 'resume');
  await comesTo('paused');
  await ask('resume', 'resume');
  expect(await told()).toEqual(['pause', 'resume', 'resume']);
  await ask('pause');
  await comesTo('running');
  await ask('pause', 'pause');
  expect(await told()).toEqual(['pause', 'resume', 'resume', 'pause', 'pause']);
});

it('what somebody undid from the Temporal side can be asked again at once', async () => {
  await ask('pause');
  await comesTo('paused');
  await ask('resume');
  await comesTo('running');
  await comesTo('paused');
  await ask('resume', 'resume');
  expect(await told()).toEqual(['pause', 'resume', 'resume']);
  await comesTo('running');
  await ask('pause');
  await comesTo('paused');
  await comesTo('running');
  await ask('pause', 'pause');
  expect(await told()).toEqual(['pause', 'resume', 'resume', 'pause', 'pause']);
});

it.each(['running', 'waiting_for_approval'] as const)('a resume while %s is told once: a pause nobody asked for here may be on its way', async (phase) => {
  await moveTo(phase);
  await ask('resume', 'resume');
  expect(await told()).toEqual(['resume']);
});

it('while Temporal is gone it is TEMPORAL_UNAVAILABLE, and can be asked again at once', async () => {
  api.agentRuns.isDown = true;
  const refused = await api.refusal('pauseRun', { as: 'operator', params: { run_id: runId } }).finally(() => {
    api.agentRuns.isDown = false;
  });
  expect(refused).toMatchObject({ status: 503, code: 'TEMPORAL_UNAVAILABLE' });
  await ask('pause');
  expect(api.agentRuns.told.filter((signal) => signal.runId === runId)).toHaveLength(1);
});

/** A pause that does not reach Temporal, after something else has happened. */
const failToPause = async (meanwhile: () => Promise<unknown>) => {
  const { pause } = api.agentRuns;
  api.agentRuns.pause = async () => {
    await meanwhile();
    throw new AppError('TEMPORAL_UNAVAILABLE');
  };
  return api.refusal('pauseRun', { as: 'operator', params: { run_id: runId } }).finally(() => {
    api.agentRuns.pause = pause;
  });
};

it('a request that does not reach Temporal leaves alone what was asked meanwhile', async () => {
  expect(await failToPause(() => ask('resume'))).toMatchObject({ code: 'TEMPORAL_UNAVAILABLE' });
  const asked = await api.deps.db.selectFrom('runs').select(['hold_asked', 'hold_asked_at']).where('id', '=', runId).executeTakeFirstOrThrow();
  expect(asked).toEqual({ hold_asked: 'resume', hold_asked_at: expect.any(Date) });
});

it('a request that does not reach Temporal says so, even where that cannot be written down', async () => {
  const rename = (from: string, to: string) => sql`alter table runs rename column ${sql.ref(from)} to ${sql.ref(to)}`.execute(api.deps.db);
  const refused = await failToPause(() => rename('hold_asked', 'hidden')).finally(() => rename('hidden', 'hold_asked'));
  expect(refused).toMatchObject({ status: 503, code: 'TEMPORAL_UNAVAILABLE' });
});
