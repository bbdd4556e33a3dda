// `npm run scripted-llm [-- --port 8765] [-- --key secret]`: serves the scripts as models over the wire formats of OpenAI and Anthropic.
import { parseArgs } from 'node:util';
import { startScriptedLlm } from '../engine/llm/scripted/server/start-scripted-llm.ts';

const usage = 'Usage: npm run scripted-llm [-- --port <number>] [-- --key <key>]';

function readOptions(): { port: number; key: string | undefined } | undefined {
  try {
    const { values } = parseArgs({ options: { port: { type: 'string', default: '8765' }, key: { type: 'string' } } });
    const port = Number(values.port);
    return /^\d+$/.test(values.port) && port <= 65_535 && values.key !== '' ? { port, key: values.key } : undefined;
  } catch {
    return undefined;
  }
}

const options = readOptions();
if (options === undefined) {
  console.error(usage);
  process.exit(2);
}
const { port, key } = options;
try {
  const server = await startScriptedLlm({ host: '127.0.0.1', port, key });
  const shownKey = key ?? 'any';
  console.log(`Scripted models, on this machine only. No model is called: answers come from engine/llm/scripted/scripts.

  OpenAI      ${server.openAiBaseUrl}
  Anthropic   ${server.anthropicBaseUrl}
  key         ${key === undefined ? 'any, or none' : key}
  models      curl ${key === undefined ? '' : `-H 'authorization: Bearer ${key}' `}${server.openAiBaseUrl}/models

Point Maestro at it: on the Integrations page add a connection with one of these addresses, or start it with one of
  OPENAI_API_KEY=${shownKey} OPENAI_BASE_URL=${server.openAiBaseUrl} npm start
  ANTHROPIC_API_KEY=${shownKey} ANTHROPIC_BASE_URL=${server.anthropicBaseUrl} npm start

Ctrl-C ends it.`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.close().then(() => process.exit(0)));
} catch (error) {
  const code = (error as NodeJS.ErrnoException).code;
  console.error(code === 'EADDRINUSE' ? `Port ${port} is taken; choose another one with --port.` : error);
  process.exit(1);
}
