import type { ConnectionTest, ListedModel } from '../../../../contracts/connections.ts';
import { addressOf, modelApis, type ServerAccess } from '../../../llm/index.ts';
import { stagesOfReach, toTarget } from '../../stages/reach.ts';
import { runStages, Skip, type StageStep } from '../../stages/run-stages.ts';
import { StageError } from '../../stages/stage-error.ts';
import { callMinimally, chooseModel } from './minimal-call.ts';
import { signIn } from './read-sign-in.ts';

type StageName = ConnectionTest['stages'][number]['stage'];

/** How long each stage and all of them may take, in milliseconds. */
export type StageTimeouts = Record<StageName | 'total', number>;
export const defaultStageTimeouts: StageTimeouts = { address: 4_000, connect: 4_000, tls: 4_000, sign_in: 8_000, minimal_call: 12_000, total: 15_000 };

export interface ConnectionStages {
  access: ServerAccess;
  /** Asked in the minimal call; undefined: one of those the server lists. */
  model?: string | undefined;
  /** The stored key was not used because the address is another one. */
  isKeyWithheld?: boolean;
  /** Ends the test: whoever asked has gone. Its reason is thrown. */
  signal: AbortSignal;
  timeouts?: StageTimeouts;
}

export interface ConnectionStagesResult {
  test: ConnectionTest;
  /** The first page of what the server lists; undefined: no list was seen. */
  listed: ListedModel[] | undefined;
}

/**
 * Tries a connection from the outside in: name, port, TLS, key, and one call of a few tokens. The first failure ends it with its raw
 * status, a plain cause and a likely fix; what comes after is skipped. Throws only what aborts it.
 */
export async function runConnectionStages({ access, model: given, isKeyWithheld = false, signal, timeouts = defaultStageTimeouts }: ConnectionStages): Promise<ConnectionStagesResult> {
  const reach = stagesOfReach(toTarget(addressOf(access)));
  let listed: ListedModel[] | undefined;
  let model: string | undefined;
  const steps: Record<StageName, StageStep> = {
    ...reach.steps,
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

  try {
    const { stages, failure } = await runStages(steps, { signal, timeouts, toFailure: (error) => (error instanceof StageError ? error.failure : undefined) });
    return { test: { passed: failure === null, tested_at: new Date().toISOString(), stages, failure, model: model ?? null, models_found: listed?.length ?? null }, listed };
  } finally {
    reach.close();
  }
}
