import type { AuditEntry } from '@contracts/system.ts';
import { humanize } from '@/lib/format.ts';

/** Actions the log is asked for; one that is not listed here still shows and filters by its own name. */
export const knownActions = [
  'policy.create', 'policy.save_draft', 'policy.discard_draft', 'policy.delete', 'policy.publish', 'policy.turn_off', 'policy.roll_back', 'back_test.start', 'back_test.cancel',
  'approval.approve', 'approval.reject', 'approval.vote', 'approval.edit', 'approval.extend', 'approval.answer', 'approval.provide_result', 'approval.confirm_happened',
  'approval.escalate', 'approval.expire', 'approval.withdraw', 'approval.signal_refused', 'group.create', 'group.update', 'group.delete', 'delegation.create', 'delegation.revoke',
  'run.create', 'run.cancel', 'run.pause', 'run.resume', 'run.steer',
  'agent.create', 'agent.update', 'agent.delete', 'memory.delete',
  'session.sign_in', 'session.sign_in_refused', 'session.sign_out', 'session.secret_reused',
  'connection.create', 'connection.update', 'connection.delete', 'connection.test', 'connection.close_circuit', 'price.set', 'price.delete', 'answer_cache.purge', 'tool.update',
  'data_source.create', 'data_source.update', 'data_source.delete', 'data_source.test', 'mcp_server.create', 'mcp_server.update', 'mcp_server.delete', 'mcp_server.refresh', 'mcp_server.test', 'mcp_tool.review',
  'webhook.create', 'webhook.update', 'webhook.delete', 'secret.create', 'secret.update', 'secret.delete', 'encryption_key.rotate',
  'user.create', 'user.update', 'user.change_password', 'user.create_sign_in_link',
] as const;

const kindOf = (action: string): string => action.split('.', 1)[0] ?? action;

/** What a kind of action is about: `mcp_server` → "MCP server". */
export const kindWords = (kind: string): string => humanize(kind).replace(/^Mcp\b/, 'MCP');

/** An action of the log in a reader's words: `approval.confirm_happened` → "Approval: confirm happened", `approval.*` → "Approval: anything". */
export const actionWords = (action: string): string => {
  const [kind = action, ...rest] = action.split('.');
  if (rest.length === 0) return kindWords(kind);
  return `${kindWords(kind)}: ${rest.join(' ') === '*' ? 'anything' : rest.join(' ').replaceAll('_', ' ')}`;
};

/** Known actions and `others`, by kind, each once. */
export const groupActions = (others: readonly string[]): { kind: string; actions: string[] }[] => {
  const actions = [...new Set<string>([...knownActions, ...others])].filter((action) => !action.endsWith('.*'));
  return [...Map.groupBy(actions, kindOf)].map(([kind, ofKind]) => ({ kind, actions: ofKind }));
};

/** Where an object of the log can be looked at; undefined: nowhere in the app. */
export const pathOfObject = ({ object_type: type, object_id: id }: Pick<AuditEntry, 'object_type' | 'object_id'>): string | undefined => {
  switch (type) {
    case 'approval_request': return `/hitl/${encodeURIComponent(id)}`;
    case 'run': return `/maestro/runs/${encodeURIComponent(id)}`;
    case 'agent': return `/maestro/agents/${encodeURIComponent(id)}`;
    case 'policy': return `/governance/policies/${encodeURIComponent(id)}`;
    case 'back_test': return `/governance?tab=backtest&back_test=${encodeURIComponent(id)}`;
    default: return undefined;
  }
};

/** Columns of the log as a file. */
export const auditColumns: readonly { header: string; value: (entry: AuditEntry) => unknown }[] = [
  { header: 'sequence', value: ({ sequence }) => sequence },
  { header: 'at', value: ({ at }) => at },
  { header: 'actor', value: ({ actor }) => actor.name },
  { header: 'actor_id', value: ({ actor }) => actor.user_id },
  { header: 'action', value: ({ action }) => action },
  { header: 'object_type', value: (entry) => entry.object_type },
  { header: 'object_id', value: (entry) => entry.object_id },
  { header: 'before', value: ({ before }) => before },
  { header: 'after', value: ({ after }) => after },
  { header: 'source', value: ({ source }) => source },
  { header: 'request_id', value: (entry) => entry.request_id },
  { header: 'hash', value: ({ hash }) => hash },
];
