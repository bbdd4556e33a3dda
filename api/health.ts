import type { HealthResponse, Integration } from '../contracts/system.ts';
import { findLastHeartbeat, pingDatabase } from '../db/repositories/health.repository.ts';
import type { Integrations } from '../engine/integrations/index.ts';
import { findPolicyEngineOutage } from '../engine/safety/index.ts';
import type { AppDeps } from './app-deps.ts';

type ServiceHealth = HealthResponse['services'][number];

/** A worker writes its heartbeat every few seconds; silence longer than this means it is gone. */
const heartbeatMaxAgeMs = 15_000;
/** A check that hangs is a check that failed. */
const checkTimeoutMs = 3_000;

/** Settles within the check's time: true when `check` succeeded. */
export async function isReachable(check: () => Promise<unknown>, timeoutMs: number = checkTimeoutMs): Promise<boolean> {
  const timeout = Promise.withResolvers<false>();
  const timer = setTimeout(() => timeout.resolve(false), timeoutMs);
  try {
    return await Promise.race([check().then(() => true, () => false), timeout.promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function checkWorker({ db }: AppDeps): Promise<ServiceHealth> {
  let seenAt: Date | undefined;
  const isKnown = await isReachable(async () => {
    seenAt = await findLastHeartbeat(db);
  });
  if (!isKnown) return { service: 'worker', state: 'unknown', detail: 'The database, where workers report, cannot be reached.' };
  if (seenAt === undefined) return { service: 'worker', state: 'down', detail: 'No worker has ever reported.' };
  const ageMs = Date.now() - seenAt.getTime();
  return ageMs <= heartbeatMaxAgeMs
    ? { service: 'worker', state: 'up', detail: 'A worker reported within the last 15 seconds.' }
    : { service: 'worker', state: 'down', detail: `The last worker reported at ${seenAt.toISOString()}.` };
}

/** A failing connection that no agent uses troubles no run. */
function toModelHealth(providers: readonly Integration[]): ServiceHealth {
  const usable = providers.filter(({ state }) => state !== 'not_configured');
  const real = usable.filter(({ state }) => state !== 'built_in');
  const failing = real.filter(({ state }) => state === 'failing');
  const named = (items: readonly Integration[]): string => items.map(({ name }) => name).join(', ');
  const first = failing.find(({ used_by_agents: uses }) => uses > 0) ?? (failing.length === real.length ? failing[0] : undefined);
  if (first !== undefined) return { service: 'model', state: 'down', detail: `Failing: ${named(failing)}. ${first.detail}` };
  if (real.length > 0) return { service: 'model', state: 'up', detail: `Configured: ${named(real)}.${failing.length > 0 ? ` Failing, but used by no agent: ${named(failing)}.` : ''}` };
  return usable.length > 0
    ? { service: 'model', state: 'up', detail: 'Only the scripted model, which calls no model, is configured.' }
    : { service: 'model', state: 'unknown', detail: 'The database, where connections are kept, cannot be reached.' };
}

async function checkModel(integrations: Pick<Integrations, 'modelProviders'>): Promise<ServiceHealth> {
  let providers: Integration[] | undefined;
  await isReachable(async () => {
    providers = await integrations.modelProviders();
  });
  return providers === undefined ? { service: 'model', state: 'unknown', detail: 'The connections are being checked.' } : toModelHealth(providers);
}

/** State of the services a run needs, each found out within a few seconds. Never rejects. */
export async function checkServices(deps: AppDeps, integrations: Pick<Integrations, 'modelProviders'>): Promise<ServiceHealth[]> {
  const [isDatabaseUp, isTemporalUp, worker, model] = await Promise.all([
    isReachable(() => pingDatabase(deps.db)),
    isReachable(() => deps.agentRuns.ping()),
    checkWorker(deps),
    checkModel(integrations),
  ]);
  const outage = findPolicyEngineOutage();
  return [
    { service: 'api', state: outage === undefined ? 'up' : 'down', detail: outage ?? 'It answered this.' },
    worker,
    { service: 'temporal', state: isTemporalUp ? 'up' : 'down', detail: isTemporalUp ? `Namespace ${deps.config.temporal.namespace}.` : 'The Temporal Service cannot be reached.' },
    { service: 'database', state: isDatabaseUp ? 'up' : 'down', detail: isDatabaseUp ? 'PostgreSQL answers.' : 'The database cannot be reached.' },
    model,
  ];
}
