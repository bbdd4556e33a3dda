// The whole schema as Kysely sees it. SQL lives in this room alone.
import type { AgentsTable, AgentVersionsTable } from './tables/agents.table.ts';
import type { ApproverGroupMembersTable, ApproverGroupsTable, DelegationsTable, HitlVotesTable, NoticePreferencesTable, NoticesTable, WebhooksTable } from './tables/approvers.table.ts';
import type { MemoriesTable, MemoryVectorsTable } from './tables/memory.table.ts';
import type { LlmAnswersTable, LlmConnectionsTable, LlmConnectionStatesTable, LlmPricesTable, LlmReservationsTable, ModelCallsTable } from './tables/models.table.ts';
import type { SessionsTable, SignInLinksTable, UsersTable } from './tables/people.table.ts';
import type { BackTestDecisionsTable, BackTestsTable, PoliciesTable, PolicySetsTable, PolicyVersionsTable } from './tables/policies.table.ts';
import type { ContentsTable, MessagesTable, RunsTable, StepsTable, ToolCallsTable } from './tables/runs.table.ts';
import type { AuditHeadTable, AuditLogTable, HitlDecisionsTable, HitlRequestsTable, SafetyChecksTable } from './tables/safety.table.ts';
import type { EventsTable, OutboxEmailsTable, WorkerHeartbeatsTable } from './tables/system.table.ts';
import type {
  DataSourcesTable, DataSourceStatesTable, McpServersTable, McpToolsTable, OutboxAttachmentsTable, RunFilesTable, SecretsTable, ToolSettingsTable, ToolTurnsTable,
} from './tables/tools.table.ts';

export interface Database {
  users: UsersTable;
  sessions: SessionsTable;
  sign_in_links: SignInLinksTable;
  agents: AgentsTable;
  agent_versions: AgentVersionsTable;
  contents: ContentsTable;
  runs: RunsTable;
  messages: MessagesTable;
  tool_calls: ToolCallsTable;
  steps: StepsTable;
  safety_checks: SafetyChecksTable;
  hitl_requests: HitlRequestsTable;
  hitl_decisions: HitlDecisionsTable;
  hitl_votes: HitlVotesTable;
  policies: PoliciesTable;
  policy_versions: PolicyVersionsTable;
  policy_sets: PolicySetsTable;
  back_tests: BackTestsTable;
  back_test_decisions: BackTestDecisionsTable;
  approver_groups: ApproverGroupsTable;
  approver_group_members: ApproverGroupMembersTable;
  delegations: DelegationsTable;
  notice_preferences: NoticePreferencesTable;
  webhooks: WebhooksTable;
  notices: NoticesTable;
  memories: MemoriesTable;
  memory_vectors: MemoryVectorsTable;
  events: EventsTable;
  audit_log: AuditLogTable;
  audit_head: AuditHeadTable;
  outbox_emails: OutboxEmailsTable;
  worker_heartbeats: WorkerHeartbeatsTable;
  llm_connections: LlmConnectionsTable;
  llm_connection_states: LlmConnectionStatesTable;
  llm_reservations: LlmReservationsTable;
  llm_prices: LlmPricesTable;
  llm_answers: LlmAnswersTable;
  model_calls: ModelCallsTable;
  data_sources: DataSourcesTable;
  data_source_states: DataSourceStatesTable;
  mcp_servers: McpServersTable;
  mcp_tools: McpToolsTable;
  secrets: SecretsTable;
  tool_settings: ToolSettingsTable;
  tool_turns: ToolTurnsTable;
  run_files: RunFilesTable;
  outbox_attachments: OutboxAttachmentsTable;
}
