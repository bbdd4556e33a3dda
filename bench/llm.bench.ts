// What does Maestro add to a model call, and how soon is it seen? Against the scripted models in a process of their own, over HTTP, and
// the official clients in the same run: read the differences and ratios. The model costs no time here, so what is left is the road to it.
import { startRealPostgres } from '../tests/support/real-postgres.ts';
import { startStack } from '../tests/support/stack.ts';
import type { Figure } from './figures.ts';
import { benchCallOverhead } from './llm/call-overhead.ts';
import { benchConcurrentStreams } from './llm/concurrent-streams.ts';
import { benchFirstToken } from './llm/first-token.ts';
import { benchKey, startScriptedProcess } from './llm/scripted-process.ts';

export interface Section {
  title: string;
  figures: Figure[];
}

/** PostgreSQL, which a real installation has; the embedded database where there is none or where it is wanted. */
async function openDatabase(isEmbedded: boolean): Promise<{ name: string; stop(): Promise<void> }> {
  const postgres = isEmbedded ? undefined : await startRealPostgres().catch(() => undefined);
  if (postgres === undefined) return { name: 'the embedded database', stop: () => Promise.resolve() };
  process.env['MAESTRO_TEST_DATABASE_URL'] = postgres.connectionString;
  return { name: 'PostgreSQL', stop: () => postgres.stop() };
}

/** Calls `onSection` as each part is done: the whole takes minutes. */
export async function benchLlm({ quick, embedded }: { quick: boolean; embedded: boolean }, onSection: (section: Section) => void): Promise<void> {
  const database = await openDatabase(embedded);
  const server = await startScriptedProcess();
  const env = { OPENAI_BASE_URL: server.openAiBaseUrl, OPENAI_API_KEY: benchKey, ANTHROPIC_BASE_URL: server.anthropicBaseUrl, ANTHROPIC_API_KEY: benchKey };
  const stack = await startStack({ ownTemporal: true, embeddedDatabase: database.name !== 'PostgreSQL', env });
  try {
    onSection({ title: `One model call on ${database.name}, p50 / p95`, figures: await benchCallOverhead(stack, server, { rounds: quick ? 30 : 200 }) });
    onSection({ title: 'The first token, p50 / p95', figures: await benchFirstToken(stack, server, { rounds: quick ? 10 : 40 }) });
    const count = 100;
    onSection({ title: `${count} answers under way at once on one worker`, figures: await benchConcurrentStreams(stack, server, { count }) });
  } finally {
    await stack.close();
    await server.stop();
    await database.stop();
  }
}
