// A process of its own that starts an MCP server, tells the pids on its output, and waits to be killed.
import { createDatabase } from '../../../db/connect.ts';
import { createMcpSessions, createMcpTool } from '../../../engine/tools/mcp/index.ts';
import { contextOf, programs, reviewed, serverOf } from '../mcp.ts';

const sessions = createMcpSessions({ db: createDatabase({ connectionString: process.argv[2] ?? '' }), secrets: { reveal: async (text) => text, mask: async (value) => value }, allowStdio: true });
const server = serverOf(programs.hostile('stubborn'));
const { output } = await createMcpTool(await reviewed(sessions, server, 'family'), sessions).execute({}, contextOf());
process.stdout.write(`${JSON.stringify(output)}\n`);
setInterval(() => undefined, 1_000);
