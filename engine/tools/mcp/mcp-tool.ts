import { AppError } from '../../../contracts/errors.ts';
import type { McpDefinition } from '../../../contracts/mcp-servers.ts';
import type { ToolFacts } from '../../../contracts/tools.ts';
import { hashJson } from '../../../platform/hash-json.ts';
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

/**
 * Hosts of the addresses among the arguments, wherever they stand. All of them, since a list that ends early could be filled with harmless
 * ones; a trailing dot makes no other host.
 */
function hostsIn(args: Arguments): string[] {
  const hosts = new Set<string>();
  const queue: unknown[] = [args];
  for (const value of queue) {
    if (typeof value === 'string') {
      const url = /^\s*[a-z][a-z0-9+.-]*:\/\//i.test(value) ? URL.parse(value) : null;
      if (url !== null) hosts.add(url.host.replace(/\.+(?=:\d+$|$)/, ''));
    } else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) queue.push(inner);
  }
  return [...hosts].filter((host) => host !== '');
}

function factsOf({ server, definition }: McpToolAccess, args: Arguments): ToolFacts {
  const hosts = hostsIn(args);
  return {
    mcp_server: server.name, mcp_tool: definition.name, argument_names: Object.keys(args).map((name) => name.slice(0, 100)),
    // Secrets stand in it by name: another value of one is no other way to the server.
    transport_hash: hashJson(server.transport),
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
