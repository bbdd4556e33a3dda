import type { ApprovalRequest } from '@contracts/approvals.ts';
import { type ApprovalsSearch, toApprovalsQuery } from './search.ts';
import { settledStatuses } from './settled.ts';

/** What the history asks the api for. */
export const historyQuery = (search: ApprovalsSearch) => ({ status: search.outcome ?? settledStatuses.join(','), ...toApprovalsQuery(search) });

/** Columns of the history as a file: what an auditor asks for, original and edited arguments included. */
export const historyColumns: readonly { header: string; value: (request: ApprovalRequest) => unknown }[] = [
  { header: 'id', value: ({ id }) => id },
  { header: 'requested_at', value: (request) => request.requested_at },
  { header: 'decided_at', value: ({ decision }) => decision?.decided_at },
  { header: 'status', value: ({ status }) => status },
  // `approved` is also the status of what was done by hand, answered or confirmed.
  { header: 'verdict', value: ({ decision }) => decision?.verdict },
  { header: 'decided_by', value: ({ decision }) => decision?.decided_by.name },
  { header: 'door', value: ({ decision }) => decision?.door },
  { header: 'time_to_decide_ms', value: ({ decision }) => decision?.time_to_decide_ms },
  { header: 'tool_name', value: (request) => request.tool_name },
  { header: 'risk_level', value: (request) => request.risk_level },
  { header: 'kind', value: (request) => request.kind },
  { header: 'effect_sentence', value: (request) => request.effect_sentence },
  { header: 'agent_name', value: (request) => request.agent_name },
  { header: 'started_by', value: (request) => request.started_by },
  { header: 'run_id', value: (request) => request.run_id },
  { header: 'policy_version', value: (request) => request.policy_version },
  { header: 'policies', value: (request) => request.matched_rules.map(({ name, id }) => name ?? id) },
  { header: 'arguments_hash', value: (request) => request.arguments_hash },
  { header: 'original_arguments', value: (request) => request.original_arguments ?? request.arguments },
  { header: 'arguments', value: (request) => request.arguments },
  { header: 'edited_arguments', value: ({ decision }) => decision?.edited_arguments },
  { header: 'result', value: ({ decision }) => decision?.result },
  { header: 'note', value: ({ decision }) => decision?.note },
  { header: 'votes', value: ({ votes }) => votes },
];
