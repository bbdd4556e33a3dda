import type { Socket } from 'node:net';
import { type ConnectionTest, connectionStageNames, type ListedModel } from '../../../../contracts/connections.ts';
import { addressOf, modelApis, type ServerAccess } from '../../../llm/index.ts';
import { callMinimally, chooseModel } from './minimal-call.ts';
import { findAddress, openConnection, secureConnection, toTarget } from './reach.ts';
import { signIn } from './read-sign-in.ts';
import { StageError } from './stage-failure.ts';

type Stage = ConnectionTest['stages'][number];
type StageName = Stage['stage'];

/** How long each stage and all of them may take, in milliseconds. */
export type StageTimeouts = Record<StageName | 'total', number>;
export const defaultStageTimeouts: StageTimeouts = { address: 4_000, connect: 4_000, tls: 4_000, sign_in: 8_000, minimal_call: 12_000, total: 15_000 };

export interface StagesOptions {
  access: ServerAccess;
  /** Asked in the minimal call; undefined: one of those the server lists. */
  model?: string | undefined;
  /** The stored key was not used because the address is another one. */
  isKeyWithheld?: boolean;
  /** Ends the test: whoever asked has gone. Its reason is thrown. */
  signal: AbortSignal;
  timeouts?: StageTimeouts;
}

export interface StagesResult {
  test: ConnectionTest;
  /** The first page of what the server lists; undefined: no list was seen. */
  listed: ListedModel[] | undefined;
}

const skipped = (stage: StageName, detail: string): Stage => ({ stage, outcome: 'skipped', ms: null, detail });
const round = (ms: number): number => Math.round(ms * 10) / 10;

/** What a stage that has nothing to do says. */
class Skip {
  readonly detail: string;
  constructor(detail: string) {
    this.detail = detail;
  }
}

/**
 * Tries a connection from the outside in: name, port, TLS, key, and one call of a few tokens. The first failure ends it with its raw
 * status, a plain cause and a likely fix; what comes after is skipped. Throws only what aborts it.
 */
export async function runStages({ access, model: given, isKeyWithheld = false, signal, timeouts = defaultStageTimeouts }: StagesOptions): Promise<StagesResult> {
  const total = AbortSignal.timeout(timeouts.total);
  const target = toTarget(addressOf(access));
  let socket: Socket | undefined;
  let listed: ListedModel[] | undefined;
  let model: string | undefined;
  const steps: Record<StageName, (signal: AbortSignal) => Promise<string | Skip>> = {
    address: (within) => findAddress(target, within),
    async connect(within) {
      socket = await openConnection(target, within);
      return `Port ${target.port} is open.`;
    },
    async tls(within) {
      return target.isHttps && socket !== undefined ? secureConnection(socket, target, within) : new Skip('The address says http: nothing is encrypted on the way.');
    },
    async sign_in(within) {
      const found = await signIn({ access, hasModel: given !== undefined, isKeyWithheld, signal: within });
      listed = found.models;
      return found.detail;
    },
    async minimal_call(within) {
      model = chooseModel(access.api, given, listed);
      if (model === undefined) return new Skip('The server lists no model to ask. Name one to test a call.');
      const languageModel = modelApis[access.api].create({ apiKey: access.apiKey, baseUrl: access.baseUrl ?? undefined, label: 'The server', keySetting: 'the key', baseUrlSetting: 'the base URL' });
      return callMinimally(languageModel, { model, listed, signal: within });
    },
  };

  const stages: Stage[] = [];
  let failure: ConnectionTest['failure'] = null;
  try {
    for (const stage of connectionStageNames) {
      if (failure !== null) {
        stages.push(skipped(stage, 'An earlier stage failed.'));
        continue;
      }
      const startedAt = performance.now();
      try {
        const result = await steps[stage](AbortSignal.any([signal, total, AbortSignal.timeout(timeouts[stage])]));
        signal.throwIfAborted();
        stages.push(result instanceof Skip ? skipped(stage, result.detail) : { stage, outcome: 'passed', ms: round(performance.now() - startedAt), detail: result });
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof StageError)) throw error;
        failure = { stage, ...error.failure };
        stages.push({ stage, outcome: 'failed', ms: round(performance.now() - startedAt), detail: error.failure.cause });
      }
    }
  } finally {
    socket?.destroy();
  }
  const test: ConnectionTest = { passed: failure === null, tested_at: new Date().toISOString(), stages, failure, model: model ?? null, models_found: listed?.length ?? null };
  return { test, listed };
}
