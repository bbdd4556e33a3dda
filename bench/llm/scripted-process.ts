import { startProcess, unlessEnded } from '../../tests/support/process.ts';
import { freePort } from '../../tests/support/product.ts';
import { until } from '../../tests/support/until.ts';

export const benchKey = 'bench-key';

export interface ScriptedProcess {
  openAiBaseUrl: string;
  anthropicBaseUrl: string;
  stop(): Promise<unknown>;
}

/** The scripted models in a process of their own, so that they take no time of whoever is measured. */
export async function startScriptedProcess(): Promise<ScriptedProcess> {
  const port = await freePort();
  const started = startProcess('scripts/scripted-llm.ts', {}, ['--port', String(port), '--key', benchKey]);
  const anthropicBaseUrl = `http://127.0.0.1:${port}`;
  await unlessEnded(started, until('the scripted models to answer', () => fetch(`${anthropicBaseUrl}/v1/models`).then(() => true, () => false)));
  return { anthropicBaseUrl, openAiBaseUrl: `${anthropicBaseUrl}/v1`, stop: () => started.stop() };
}
