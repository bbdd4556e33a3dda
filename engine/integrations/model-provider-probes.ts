import type { Kysely } from 'kysely';
import type { Connection } from '../../contracts/connections.ts';
import { AppError } from '../../contracts/errors.ts';
import type { Database } from '../../db/database.ts';
import type { Config } from '../../platform/config.ts';
import type { SecretBox } from '../../platform/secret-box.ts';
import { askForModels, findConnectionAccess, settingNamesOf } from '../llm/index.ts';
import { type CheckResult, type Probe, toAddress } from './check.ts';
import { listConnections } from './connections/read-connections.ts';

interface Deps {
  db: Kysely<Database>;
  config: Pick<Config, 'llm'>;
  secretBox: SecretBox;
}

type Settings = ReturnType<typeof settingNamesOf>;

/** Asks for the list of models and says what the answer means. */
async function askForList({ db, config, secretBox }: Deps, connection: Connection, settings: Settings, signal: AbortSignal): Promise<CheckResult> {
  const at = toAddress(connection.base_url ?? '');
  const access = await findConnectionAccess({ config: config.llm, db, secretBox }, connection.id).catch((error: unknown) => {
    if (error instanceof AppError) return error.message;
    throw error;
  });
  if (typeof access === 'string') return { state: 'failing', detail: access };
  if (access === undefined) return { state: 'failing', detail: 'The connection was deleted.' };
  const { status, text } = await askForModels(access, { signal });
  if (status >= 200 && status < 300) {
    return /^\s*<(!doctype|html)/i.test(text) ? { state: 'failing', detail: `${at} answers with a web page, not an API. Check the path of ${settings.baseUrl}.` } : { state: 'healthy', detail: `${at} answers and takes the key.` };
  }
  if (status === 401 || status === 403) return { state: 'failing', detail: `${at} refuses the key (status ${status}). Check ${settings.key}.` };
  if (status === 404) return { state: 'degraded', detail: `${at} answers but lists no models there (status 404). If runs fail too, check the path of ${settings.baseUrl}.` };
  if (status === 429) return { state: 'degraded', detail: `${at} answers but limits requests at the moment (status 429).` };
  if (status >= 300 && status < 400) return { state: 'failing', detail: `${at} sends requests elsewhere (status ${status}). Check ${settings.baseUrl}.` };
  return { state: 'failing', detail: `${at} answers with status ${status}.` };
}

/** What calls have shown, which a list of models may not; undefined: nothing is wrong. */
function findCallTrouble({ circuit, state, last_test: test }: Connection): CheckResult | undefined {
  const last = circuit.last_error === null ? '' : ` Last: ${circuit.last_error.message}`;
  if (circuit.state === 'open') {
    const isResting = circuit.retry_at !== null && Date.parse(circuit.retry_at) > Date.now();
    const what = isResting ? `Resting until ${circuit.retry_at?.slice(11, 19)} UTC` : 'The next call is a trial';
    return { state: 'failing', detail: `${what}, after ${circuit.failures_in_row} failures in a row.${last}` };
  }
  if (state === 'failing' && test?.failure != null) return { state: 'failing', detail: `The last test failed: ${test.failure.cause}` };
  if (circuit.state === 'half_open' || circuit.failures_in_row > 0) return { state: 'degraded', detail: `${circuit.failures_in_row} calls in a row failed.${last}` };
  return undefined;
}

const severity: readonly CheckResult['state'][] = ['failing', 'degraded'];

/** The worse of what calls have shown and what the server answers now. */
async function check(deps: Deps, connection: Connection, settings: Settings, signal: AbortSignal): Promise<CheckResult> {
  const trouble = findCallTrouble(connection);
  if (trouble?.state === 'failing') return trouble;
  const answer = await askForList(deps, connection, settings, signal);
  return severity.includes(answer.state) || trouble === undefined ? answer : trouble;
}

/** Every connection to models, configured or not. */
export async function listModelProviderProbes(deps: Deps): Promise<Probe[]> {
  return (await listConnections(deps)).map((connection): Probe => {
    const base = { id: `model_provider:${connection.id}`, kind: 'model_provider' as const, name: connection.name, used_by_agents: connection.used_by_agents.length };
    if (connection.api === 'scripted') return { ...base, detail: 'Replays scripts for demo and tests. No model is called.' };
    const settings = settingNamesOf(connection.api, { isBuiltIn: connection.is_built_in });
    if (!connection.is_enabled) return { ...base, detail: 'Switched off.', state: 'not_configured' };
    if (!connection.is_configured) return { ...base, detail: connection.configuration_hint ?? '', state: 'not_configured', missingSettings: connection.is_built_in ? [settings.key] : [] };
    return { ...base, detail: `${toAddress(connection.base_url ?? '')}.`, check: (signal) => check(deps, connection, settings, signal) };
  });
}
