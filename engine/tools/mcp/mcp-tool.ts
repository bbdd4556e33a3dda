import { AppError } from '../../../contracts/errors.ts';
import type { McpDefinition } from '../../../contracts/mcp-servers.ts';
import type { ToolFacts } from '../../../contracts/tools.ts';
import { clip } from '../../../platform/shorten.ts';
import type { Tool } from '../tool.ts';
import { toArgumentsSchema } from './json-schema.ts';
import type { McpToolAccess } from './mcp-access.ts';
import { quote } from './mcp-error.ts';
import type { McpSessions } from './mcp-sessions.ts';
import { toFailureText, toOutcome } from './to-outcome.ts';

type Arguments = Record<string, unknown>;

const maxDescription = 2_000;
/** The server's own words are marked as such: they are read by models, and are nobody's instruction. */
function describe({ description, title }: McpDefinition, serverName: string): string {
  const words = description.trim() === '' ? (title ?? '').trim() : description.trim();
  const shown = clip(words, maxDescription);
  return shown === '' ? `A tool of the MCP server "${serverName}", which says nothing about it.` : `A tool of the MCP server "${serverName}", which describes it so: ${shown}`;
}

const maxNames = 50;

/** Hosts of the addresses among the arguments, wherever they stand. */
function hostsIn(args: Arguments): string[] {
  const hosts = new Set<string>();
  const queue: unknown[] = [args];
  for (let read = 0; read < queue.length && read < 1_000; read++) {
    const value = queue[read];
    if (typeof value === 'string') {
      if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value) && value.length <= 4_000 && URL.canParse(value)) hosts.add(new URL(value).host);
    } else if (typeof value === 'object' && value !== null) queue.push(...Object.values(value).slice(0, 1_000));
  }
  return [...hosts].filter((host) => host !== '').slice(0, 20);
}

function factsOf({ server, definition }: McpToolAccess, args: Arguments): ToolFacts {
  const hosts = hostsIn(args);
  return {
    mcp_server: server.name, mcp_tool: definition.name, argument_names: Object.keys(args).slice(0, maxNames).map((name) => name.slice(0, 100)),
    ...(hosts.length > 0 ? { argument_hosts: hosts } : {}),
  };
}

/** A reviewed tool of an MCP server as an agent's tool. Risk and effect are those of the review. */
export const createMcpTool = (access: McpToolAccess, sessions: Pick<McpSessions, 'call'>): Tool => {
  const { server, definition, registeredName, risk, effect, heldReason } = access;
  const tool: Tool<Arguments> = {
    name: registeredName,
    description: describe(definition, server.name),
    argumentsSchema: toArgumentsSchema(definition.input_schema),
    parameters: definition.input_schema,
    mcpServer: server.name,
    definitionHash: access.hash,
    ...(heldReason === null ? {} : { heldReason }),
    defaultRisk: risk,
    risk: () => risk,
    defaultEffect: effect,
    effect: () => effect,
    missingConfiguration: null,
    timeoutMs: server.timeoutMs,
    facts: (args) => factsOf(access, args),
    effectSentence: () => `Call "${quote(definition.title ?? definition.name, 100)}" of the MCP server "${server.name}"`,
    ...(effect === 'external' ? { confirmsClaim: true as const } : {}),
    async execute(args, { signal, idempotencyKey, reportProgress, confirmClaim }) {
      const result = await sessions.call(access, args, {
        signal, idempotencyKey, onProgress: reportProgress,
        beforeSend: async () => {
          if (effect === 'external') await confirmClaim();
        },
      });
      // An answer, though a bad one: what it came to is known, and the model may read it.
      if (result.isError) throw new AppError('TOOL_FAILED', `The MCP server "${server.name}" says that the call failed: ${toFailureText(result)}`, { details: { not_sent: true } });
      return toOutcome(result, definition);
    },
  };
  return tool as unknown as Tool;
};
