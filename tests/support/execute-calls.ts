// A worker reduced to what a kill is aimed at: executes allowed calls side by side, as the activity does, then ends.
import { createDatabase } from '../../db/connect.ts';
import { judgeAgain } from '../../engine/hitl/index.ts';
import { createPolicies } from '../../engine/safety/index.ts';
import { createPythonSandbox, createTools, executeToolCall } from '../../engine/tools/index.ts';
import { loadConfig } from '../../platform/config.ts';
import { createSecretBox } from '../../platform/secret-box.ts';

const { env, toolCallIds } = JSON.parse(process.argv[2] ?? '') as { env: Record<string, string>; toolCallIds: string[] };
const config = loadConfig(env);
const db = createDatabase({ connectionString: config.database.url, onError: () => undefined });
const { tools, secrets } = createTools({ db, config, secretBox: createSecretBox(config.auth.encryptionKey), sandbox: createPythonSandbox({ cacheDir: config.dataDir, poolSize: 0 }) });
const policies = createPolicies({ db, environment: config.environment });
await Promise.allSettled(toolCallIds.map((toolCallId) => executeToolCall({ db, tools, secrets, judgeAgain: (registry, call) => judgeAgain({ db, policies }, registry, call) }, { toolCallId, attempt: 1, maxAttempts: 5, signal: new AbortController().signal })));
process.exit(0);
