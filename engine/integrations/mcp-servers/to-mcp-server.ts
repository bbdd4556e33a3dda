import type { McpServer, McpTool } from '../../../contracts/mcp-servers.ts';
import type { McpServerRow, McpServerWithEditor, McpToolRow, McpToolWithReviewer } from '../../../db/repositories/mcp-servers.repository.ts';
import { proposeReview } from '../../tools/index.ts';

type Uses = ReadonlyMap<string, McpTool['used_by_agents']>;

function statusOf({ missing_since: missingSince, reviewed_at: reviewedAt, pending_hash: pendingHash, is_enabled: isEnabled }: McpToolRow): McpTool['status'] {
  if (missingSince !== null) return 'missing';
  if (reviewedAt === null) return 'new';
  if (pendingHash !== null) return 'changed';
  return isEnabled ? 'on' : 'off';
}

function toMcpTool(row: McpToolWithReviewer, uses: Uses): McpTool {
  const proposed = proposeReview((row.pending_definition ?? row.definition).annotations);
  const { pending_definition: definition, pending_hash: hash, pending_at: foundAt } = row;
  return {
    id: row.id, registered_name: row.registered_name, definition: row.definition, hash: row.hash, status: statusOf(row), is_enabled: row.is_enabled, risk: row.risk, effect: row.effect,
    proposed_risk: proposed.risk, proposed_effect: proposed.effect,
    pending: definition === null || hash === null || foundAt === null ? null : { definition, hash, found_at: foundAt.toISOString() },
    used_by_agents: uses.get(row.registered_name) ?? [], reviewed_at: row.reviewed_at?.toISOString() ?? null, reviewed_by: row.reviewer,
  };
}

const stateOf = ({ is_enabled: isEnabled, last_test: test }: McpServerRow): McpServer['state'] => {
  if (!isEnabled) return 'off';
  return test === null ? 'untested' : test.passed ? 'healthy' : 'failing';
};

/** A server as admins see it, with its tools. */
export function toMcpServer(row: McpServerWithEditor, toolRows: readonly McpToolWithReviewer[], uses: Uses): McpServer {
  const tools = toolRows.filter((tool) => tool.server_id === row.id).map((tool) => toMcpTool(tool, uses));
  const users = new Map(tools.flatMap((tool) => tool.used_by_agents).map((agent) => [agent.id, agent]));
  return {
    id: row.id, name: row.name, slug: row.slug, transport: row.transport, timeout_seconds: row.timeout_seconds, is_enabled: row.is_enabled, state: stateOf(row), server: row.server, last_test: row.last_test,
    tools, to_review: tools.filter(({ status }) => status === 'new' || status === 'changed').length,
    used_by_agents: [...users.values()].toSorted((one, other) => one.name.localeCompare(other.name)), version: row.version, updated_at: row.updated_at.toISOString(), updated_by: row.editor,
  };
}

/** What the audit keeps of a server: secrets stand in it by reference. */
export const toAudited = ({ name, slug, transport, timeout_seconds: timeoutSeconds, is_enabled: isEnabled }: Pick<McpServerRow, 'name' | 'slug' | 'transport' | 'timeout_seconds' | 'is_enabled'>) => ({ name, slug, transport, timeout_seconds: timeoutSeconds, is_enabled: isEnabled });
