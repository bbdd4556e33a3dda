import { connectionStageNames, type ConnectionTest, type TestConnectionBody } from '../../../contracts/connections.ts';
import { AppError } from '../../../contracts/errors.ts';
import { insertAuditEntry } from '../../../db/repositories/audit.repository.ts';
import { insertConnectionChange } from '../../../db/repositories/events.repository.ts';
import { saveKnownModels, saveLastTest } from '../../../db/repositories/llm-connections.repository.ts';
import { type Actor, toAuditActor } from '../../governance/index.ts';
import { addressOf, type Circuits, type ConnectionAccess, findConnectionAccess } from '../../llm/index.ts';
import type { ConnectionDeps } from './connection-deps.ts';
import { type ConnectionStages, type ConnectionStagesResult, runConnectionStages } from './test/run-connection-stages.ts';

interface TestDeps extends ConnectionDeps {
  /** Told of a call that went through. */
  circuits: Pick<Circuits, 'succeeded'>;
  /** Default: 15 seconds in all. */
  timeouts?: ConnectionStages['timeouts'];
}

const originOf = (access: Pick<ConnectionAccess, 'api' | 'baseUrl'>): string => new URL(addressOf(access)).origin;

const scriptedTest = (): ConnectionTest => ({
  passed: true, tested_at: new Date().toISOString(), failure: null, model: null, models_found: null,
  stages: connectionStageNames.map((stage) => ({ stage, outcome: 'skipped', ms: null, detail: 'Scripts are replayed; no model is called.' })),
});

/** Throws CONNECTION_NOT_FOUND. */
async function findAccess({ config, db, secretBox }: ConnectionDeps, connectionId: string): Promise<ConnectionAccess> {
  const access = await findConnectionAccess({ config: config.llm, db, secretBox }, connectionId);
  if (access === undefined) throw new AppError('CONNECTION_NOT_FOUND', `connection ${connectionId}`);
  return access;
}

async function run(deps: TestDeps, options: ConnectionStages): Promise<ConnectionStagesResult> {
  return runConnectionStages({ ...options, ...(deps.timeouts === undefined ? {} : { timeouts: deps.timeouts }) });
}

/** Who tested what and how it went: a test sends a key to a server. */
const toAuditEntry = (actor: Actor, connectionId: string, { test, address }: { test: ConnectionTest; address: string }) => ({
  ...toAuditActor(actor), action: 'connection.test', objectType: 'connection', objectId: connectionId,
  after: { address, passed: test.passed, ...(test.failure === null ? {} : { stage: test.failure.stage, code: test.failure.code }) },
});

/**
 * Tests a connection as it is kept, switched off or not, and keeps the result and the models that were listed. Throws
 * CONNECTION_NOT_FOUND, LLM_NOT_CONFIGURED when its key cannot be opened, and the reason of `signal`.
 */
export async function testConnection(deps: TestDeps, { connectionId, model, actor, signal }: { connectionId: string; model?: string | undefined; actor: Actor; signal: AbortSignal }): Promise<ConnectionTest> {
  if (connectionId === 'scripted') return scriptedTest();
  const access = await findAccess(deps, connectionId);
  const { test, listed } = await run(deps, { access, model, signal });
  await deps.db.transaction().execute(async (trx) => {
    await saveLastTest(trx, access.id, test);
    // The first page is the whole list nearly everywhere; further pages come when the list is asked for.
    if (listed !== undefined) await saveKnownModels(trx, access.id, { models: listed });
    await insertConnectionChange(trx, access.id, 'tested');
    await insertAuditEntry(trx, toAuditEntry(actor, access.id, { test, address: originOf(access) }));
  });
  // A call that went through is as good as a run's: the connection need not rest any longer.
  if (test.passed && test.model !== null) await deps.circuits.succeeded(access.id);
  return test;
}

/**
 * Tests values before they are saved; nothing of it is kept but the audit entry. Without a key in `body` the stored one of
 * `connection_id` is used, and only where it is kept for: another origin or API is tested without a key. Throws CONNECTION_NOT_FOUND,
 * LLM_NOT_CONFIGURED and the reason of `signal`.
 */
export async function testConnectionDraft(deps: TestDeps, { body, actor, signal }: { body: TestConnectionBody; actor: Actor; signal: AbortSignal }): Promise<ConnectionTest> {
  const { api, base_url: baseUrl, api_key: givenKey, connection_id: connectionId, model } = body;
  const stored = connectionId === undefined || connectionId === 'scripted' ? undefined : await findAccess(deps, connectionId);
  const isStoredPlace = stored !== undefined && stored.api === api && originOf(stored) === originOf({ api, baseUrl });
  const apiKey = givenKey === undefined ? (isStoredPlace ? stored.apiKey : undefined) : (givenKey ?? undefined);
  const isKeyWithheld = givenKey === undefined && stored?.apiKey !== undefined && !isStoredPlace;
  const { test } = await run(deps, { access: { api, baseUrl, apiKey }, model, isKeyWithheld, signal });
  await deps.db.transaction().execute((trx) => insertAuditEntry(trx, toAuditEntry(actor, connectionId ?? 'draft', { test, address: originOf({ api, baseUrl }) })));
  return test;
}
