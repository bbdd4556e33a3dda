// A process of its own that starts an MCP server, tells the pids on its output, and waits to be killed.
import { createDatabase } from '../../../db/connect.ts';
import { createMcpSessions, createMcpTool } from '../../../engine/tools/mcp/index.ts';
import { programs, reviewed, serverOf } from '../mcp.ts';
import { callContext, noSecrets } from '../tools.ts';

const sessions = createMcpSessions({ db: createDatabase({ connectionString: process.argv[2] ?? '' }), secrets: noSecrets, allowStdio: true });
const server = serverOf(programs.hostile('stubborn'));
const { output } = await createMcpTool(await reviewed(sessions, server, 'family'), sessions).execute({}, callContext());
process.stdout.write(`${JSON.stringify(output)}\n`);
setInterval(() => undefined, 1_000);
