import { z } from 'zod';
import * as agents from './agents.ts';
import * as approvals from './approvals.ts';
import * as auth from './auth.ts';
import * as backTests from './back-tests.ts';
import * as connections from './connections.ts';
import * as dataSources from './data-sources.ts';
import { eventsQuerySchema } from './events.ts';
import { idSchema } from './ids.ts';
import * as mcp from './mcp-servers.ts';
import * as memory from './memory.ts';
import * as notices from './notices.ts';
import { pageOf, pageQuerySchema } from './pagination.ts';
import * as people from './people.ts';
import type { Permission } from './permissions.ts';
import * as policies from './policies.ts';
import { policyFactsResponseSchema } from './policy-words.ts';
import * as files from './run-files.ts';
import * as runs from './runs.ts';
import * as secrets from './secrets.ts';
import * as system from './system.ts';
import { stagedTestSchema } from './staged-tests.ts';
import * as toolSettings from './tool-settings.ts';
import { toolNameSchema } from './tools.ts';

export type HttpMethod = 'get' | 'post' | 'put' | 'patch' | 'delete';

/**
 * An endpoint as contract: the api implements it, the web client and the OpenAPI document are derived from it.
 * `path` is Express's form (`/api/agents/:id`). `access` is a permission, `signed_in` (any role), or `public`.
 */
export interface Endpoint<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Response extends z.ZodType = z.ZodType,
> {
  method: HttpMethod;
  path: string;
  summary: string;
  access: Permission | 'signed_in' | 'public';
  status: 200 | 201 | 202 | 204;
  params: Params;
  query: Query;
  body: Body;
  response: Response;
}

const nothing = z.strictObject({});
/** Bodies of requests without one: absent or `{}`. */
const noBody = z.union([z.undefined(), z.null(), nothing]);
/** Answer of 204. */
const noContent = z.undefined();

const define = <
  Params extends z.ZodType = typeof nothing,
  Query extends z.ZodType = typeof nothing,
  Body extends z.ZodType = typeof noBody,
  Response extends z.ZodType = typeof noContent,
>(endpoint: {
  method: HttpMethod;
  path: string;
  summary: string;
  access: Endpoint['access'];
  status?: Endpoint['status'];
  params?: Params;
  query?: Query;
  body?: Body;
  response?: Response;
}): Endpoint<Params, Query, Body, Response> => ({
  status: endpoint.response === undefined ? 204 : 200,
  ...endpoint,
  params: (endpoint.params ?? nothing) as Params,
  query: (endpoint.query ?? nothing) as Query,
  body: (endpoint.body ?? noBody) as Body,
  response: (endpoint.response ?? noContent) as Response,
});

const idParams = z.strictObject({ id: idSchema });
const runParams = z.strictObject({ run_id: idSchema });
const stepParams = runParams.extend({ step_id: idSchema });
/** `openai`, `anthropic`, `scripted` or a UUID. */
const connectionParams = z.strictObject({ id: z.string().regex(/^[a-z0-9-]{1,64}$/) });

/** A UUID, or the name of a data source of the configuration. */
const dataSourceParams = z.strictObject({ id: z.string().regex(/^[a-z0-9_-]{1,64}$/) });
const fileParams = runParams.extend({ file_id: idSchema });
const policyParams = z.strictObject({ id: policies.policyIdSchema });
const attachmentParams = idParams.extend({ index: z.coerce.number().int().min(0).max(1_000) });

/** Every JSON endpoint of the API. The event stream and the metrics page are streams and listed in {@link streamEndpoints}. */
export const endpoints = {
  signIn: define({ method: 'post', path: '/api/auth/token', summary: 'Sign in with e-mail and password', access: 'public', body: auth.signInBodySchema, response: auth.tokenResponseSchema }),
  signInWithLink: define({ method: 'post', path: '/api/auth/link', summary: 'Sign in with a one-time link', access: 'public', body: auth.linkSignInBodySchema, response: auth.tokenResponseSchema }),
  renewToken: define({ method: 'post', path: '/api/auth/renew', summary: 'A new access token from the renewal cookie', access: 'public', response: auth.tokenResponseSchema }),
  signOut: define({ method: 'post', path: '/api/auth/sign-out', summary: 'End this session', access: 'public' }),
  getMe: define({ method: 'get', path: '/api/auth/me', summary: 'Who is signed in', access: 'signed_in', response: auth.userSchema }),
  changePassword: define({ method: 'post', path: '/api/auth/password', summary: 'Change your own password', access: 'signed_in', body: auth.changePasswordBodySchema }),

  listUsers: define({ method: 'get', path: '/api/users', summary: 'People who may sign in', access: 'users:read', query: pageQuerySchema, response: pageOf(auth.userSchema) }),
  createUser: define({ method: 'post', path: '/api/users', summary: 'Add a person', access: 'users:write', status: 201, body: auth.createUserBodySchema, response: auth.userSchema }),
  updateUser: define({ method: 'patch', path: '/api/users/:id', summary: 'Change name, role or access of a person', access: 'users:write', params: idParams, body: auth.updateUserBodySchema, response: auth.userSchema }),

  listTools: define({ method: 'get', path: '/api/tools', summary: 'Tools an agent may be given', access: 'agents:read', response: z.strictObject({ items: z.array(agents.toolDescriptionSchema) }) }),
  listModels: define({ method: 'get', path: '/api/models', summary: 'Model providers and their known models', access: 'agents:read', response: z.strictObject({ items: z.array(agents.modelProviderSchema) }) }),

  listAgents: define({ method: 'get', path: '/api/agents', summary: 'Agents', access: 'agents:read', query: agents.listAgentsQuerySchema, response: pageOf(agents.agentSchema) }),
  createAgent: define({ method: 'post', path: '/api/agents', summary: 'Create an agent', access: 'agents:write', status: 201, body: agents.createAgentBodySchema, response: agents.agentSchema }),
  getAgent: define({ method: 'get', path: '/api/agents/:id', summary: 'One agent', access: 'agents:read', params: idParams, response: agents.agentSchema }),
  updateAgent: define({ method: 'patch', path: '/api/agents/:id', summary: 'Change an agent: makes a new version', access: 'agents:write', params: idParams, body: agents.updateAgentBodySchema, response: agents.agentSchema }),
  deleteAgent: define({ method: 'delete', path: '/api/agents/:id', summary: 'Delete an agent without open runs', access: 'agents:delete', params: idParams }),
  listAgentVersions: define({ method: 'get', path: '/api/agents/:id/versions', summary: 'All versions of an agent, newest first', access: 'agents:read', params: idParams, query: pageQuerySchema, response: pageOf(agents.agentVersionSchema) }),
  listMemory: define({ method: 'get', path: '/api/agents/:id/memory', summary: 'What an agent remembers, or a search of it', access: 'memory:read', params: idParams, query: memory.listMemoryQuerySchema, response: pageOf(memory.memorySchema) }),
  deleteMemory: define({ method: 'delete', path: '/api/agents/:id/memory/:memory_id', summary: 'Forget one memory', access: 'memory:delete', params: idParams.extend({ memory_id: idSchema }) }),

  createRun: define({ method: 'post', path: '/api/apa/runs', summary: 'Start a run', access: 'runs:start', status: 201, body: runs.createRunBodySchema, response: runs.createRunResponseSchema }),
  listRuns: define({ method: 'get', path: '/api/apa/runs', summary: 'Runs, newest first', access: 'runs:read', query: runs.listRunsQuerySchema, response: pageOf(runs.runSchema) }),
  countRuns: define({ method: 'get', path: '/api/apa/runs/counts', summary: 'How many runs are in each state', access: 'runs:read', query: z.strictObject({ agent_id: idSchema.optional() }), response: runs.runCountsSchema }),
  getRun: define({ method: 'get', path: '/api/apa/runs/:run_id', summary: 'One run', access: 'runs:read', params: runParams, response: runs.runSchema }),
  listSteps: define({ method: 'get', path: '/api/apa/runs/:run_id/steps', summary: 'The trace of a run, in order', access: 'runs:read', params: runParams, query: runs.listStepsQuerySchema, response: pageOf(runs.stepSchema) }),
  getStep: define({ method: 'get', path: '/api/apa/runs/:run_id/steps/:step_id', summary: 'One step with its whole bodies', access: 'runs:read', params: stepParams, response: runs.stepSchema }),
  cancelRun: define({ method: 'post', path: '/api/apa/runs/:run_id/cancel', summary: 'Cancel a run', access: 'runs:control', status: 202, params: runParams, body: runs.cancelBodySchema, response: runs.acceptedResponseSchema }),
  pauseRun: define({ method: 'post', path: '/api/apa/runs/:run_id/pause', summary: 'Pause a run before its next step', access: 'runs:control', status: 202, params: runParams, response: runs.acceptedResponseSchema }),
  resumeRun: define({ method: 'post', path: '/api/apa/runs/:run_id/resume', summary: 'Go on with a paused run', access: 'runs:control', status: 202, params: runParams, response: runs.acceptedResponseSchema }),
  steerRun: define({ method: 'post', path: '/api/apa/runs/:run_id/steer', summary: 'Say something into the conversation', access: 'runs:control', status: 202, params: runParams, body: runs.steerBodySchema, response: runs.acceptedResponseSchema }),

  listAttempts: define({ method: 'get', path: '/api/apa/runs/:run_id/steps/:step_id/attempts', summary: 'Each request to a model within a reasoning step', access: 'runs:read', params: stepParams, response: runs.attemptsResponseSchema }),
  getAttemptRequest: define({ method: 'get', path: '/api/apa/runs/:run_id/steps/:step_id/attempts/:attempt_id/request', summary: 'What was sent to the model, byte for byte', access: 'runs:read', params: stepParams.extend({ attempt_id: idSchema }), response: runs.attemptRequestSchema }),

  listRunFiles: define({ method: 'get', path: '/api/apa/runs/:run_id/files', summary: 'Files the tools of a run made', access: 'runs:read', params: runParams, response: files.runFilesResponseSchema }),

  listApprovals: define({ method: 'get', path: '/api/apa/hitl', summary: 'Approval requests; pending ones by nearest expiry', access: 'approvals:read', query: approvals.listApprovalsQuerySchema, response: pageOf(approvals.approvalRequestSchema) }),
  countApprovals: define({ method: 'get', path: '/api/apa/hitl/counts', summary: 'How many requests wait, how long, and how fast people decide', access: 'approvals:read', response: approvals.approvalCountsSchema }),
  decideInBulk: define({ method: 'post', path: '/api/apa/hitl/bulk', summary: 'Decide several requests, each alone', access: 'approvals:decide', body: approvals.bulkDecisionBodySchema, response: approvals.bulkOutcomeSchema }),
  getApproval: define({ method: 'get', path: '/api/apa/hitl/:id', summary: 'One approval request with what surrounds it', access: 'approvals:read', params: idParams, response: approvals.approvalDetailsSchema }),
  approveRequest: define({ method: 'post', path: '/api/apa/hitl/:id/approve', summary: 'Approve, with edits if given', access: 'approvals:decide', params: idParams, body: approvals.approveBodySchema, response: approvals.approvalDetailsSchema }),
  rejectRequest: define({ method: 'post', path: '/api/apa/hitl/:id/reject', summary: 'Reject with a reason the agent reads', access: 'approvals:decide', params: idParams, body: approvals.rejectBodySchema, response: approvals.approvalDetailsSchema }),
  confirmHappened: define({ method: 'post', path: '/api/apa/hitl/:id/confirm', summary: 'Say that an effect with unknown outcome did happen', access: 'approvals:decide', params: idParams, body: approvals.confirmHappenedBodySchema, response: approvals.approvalDetailsSchema }),
  answerQuestion: define({ method: 'post', path: '/api/apa/hitl/:id/answer', summary: 'Answer what an agent asks', access: 'approvals:decide', params: idParams, body: approvals.answerBodySchema, response: approvals.approvalDetailsSchema }),
  provideResult: define({ method: 'post', path: '/api/apa/hitl/:id/provide-result', summary: 'Give the result of a call that was done by hand', access: 'approvals:decide', params: idParams, body: approvals.provideResultBodySchema, response: approvals.approvalDetailsSchema }),
  extendRequest: define({ method: 'post', path: '/api/apa/hitl/:id/extend', summary: 'Let a request wait longer, as far as its policy allows', access: 'approvals:decide', params: idParams, body: approvals.extendBodySchema, response: approvals.approvalDetailsSchema }),

  listApprovers: define({ method: 'get', path: '/api/approvers', summary: 'People who may decide on requests', access: 'approvals:decide', response: people.approversResponseSchema }),
  listDelegations: define({ method: 'get', path: '/api/delegations', summary: 'Delegations from and to you; of everybody for admins', access: 'approvals:decide', response: people.delegationsResponseSchema }),
  createDelegation: define({ method: 'post', path: '/api/delegations', summary: 'Let somebody decide for you while you are away', access: 'approvals:decide', status: 201, body: people.createDelegationBodySchema, response: people.delegationSchema }),
  revokeDelegation: define({ method: 'delete', path: '/api/delegations/:id', summary: 'End a delegation', access: 'approvals:decide', params: idParams }),
  listGroups: define({ method: 'get', path: '/api/groups', summary: 'Groups of approvers', access: 'policies:read', response: people.groupsResponseSchema }),
  createGroup: define({ method: 'post', path: '/api/groups', summary: 'Add a group', access: 'policies:write', status: 201, body: people.createGroupBodySchema, response: people.groupSchema }),
  updateGroup: define({ method: 'patch', path: '/api/groups/:id', summary: 'Change the members of a group', access: 'policies:write', params: idParams, body: people.updateGroupBodySchema, response: people.groupSchema }),
  deleteGroup: define({ method: 'delete', path: '/api/groups/:id', summary: 'Delete a group; one that live policies name needs its name', access: 'policies:write', params: idParams, query: people.deleteGroupQuerySchema }),

  getNoticePreferences: define({ method: 'get', path: '/api/notices/preferences', summary: 'Which approvals you hear of, and how', access: 'signed_in', response: notices.noticePreferencesSchema }),
  setNoticePreferences: define({ method: 'put', path: '/api/notices/preferences', summary: 'Choose which approvals you hear of', access: 'signed_in', body: notices.noticePreferencesSchema, response: notices.noticePreferencesSchema }),
  listWebhooks: define({ method: 'get', path: '/api/integrations/webhooks', summary: 'Webhooks that hear of approvals', access: 'integrations:read', response: notices.webhooksResponseSchema }),
  createWebhook: define({ method: 'post', path: '/api/integrations/webhooks', summary: 'Add a signed webhook', access: 'integrations:write', status: 201, body: notices.createWebhookBodySchema, response: notices.createdWebhookSchema }),
  updateWebhook: define({ method: 'patch', path: '/api/integrations/webhooks/:id', summary: 'Change a webhook', access: 'integrations:write', params: idParams, body: notices.updateWebhookBodySchema, response: notices.webhookSchema }),
  deleteWebhook: define({ method: 'delete', path: '/api/integrations/webhooks/:id', summary: 'Delete a webhook', access: 'integrations:write', params: idParams }),
  testWebhook: define({ method: 'post', path: '/api/integrations/webhooks/:id/test', summary: 'Send a signed test to a webhook', access: 'integrations:write', params: idParams, response: notices.webhookTestSchema }),
  listWebhookDeliveries: define({ method: 'get', path: '/api/integrations/webhooks/:id/deliveries', summary: 'What was sent to a webhook, newest first', access: 'integrations:read', params: idParams, query: notices.listDeliveriesQuerySchema, response: pageOf(notices.webhookDeliverySchema) }),

  listOutbox: define({ method: 'get', path: '/api/outbox', summary: 'E-mails delivered to the built-in outbox', access: 'outbox:read', query: system.listOutboxQuerySchema, response: pageOf(system.outboxEmailSchema) }),
  listPolicies: define({ method: 'get', path: '/api/policies', summary: 'Policies, live and in the making', access: 'policies:read', response: policies.policiesResponseSchema }),
  createPolicy: define({ method: 'post', path: '/api/policies', summary: 'Begin a policy as a draft', access: 'policies:write', status: 201, body: policies.createPolicyBodySchema, response: policies.policySchema }),
  checkPolicy: define({ method: 'post', path: '/api/policies/check', summary: 'Check a text or a form, and turn one into the other', access: 'policies:read', body: policies.checkPolicyBodySchema, response: policies.checkedPolicySchema }),
  listPolicyFacts: define({ method: 'get', path: '/api/policies/facts', summary: 'Facts that policies may use', access: 'policies:read', response: policyFactsResponseSchema }),
  tryCall: define({ method: 'post', path: '/api/policies/try', summary: 'The verdict on a call, without making it', access: 'policies:read', body: policies.tryCallBodySchema, response: policies.judgedCallSchema }),
  simulateAgent: define({ method: 'post', path: '/api/policies/simulate', summary: 'The verdict on each tool of an agent', access: 'policies:read', body: policies.simulateAgentBodySchema, response: policies.simulatedAgentSchema }),
  listPolicySets: define({ method: 'get', path: '/api/policies/sets', summary: 'Every state all live policies together had, newest first', access: 'policies:read', query: pageQuerySchema, response: pageOf(policies.policySetSchema) }),
  listDecisions: define({ method: 'get', path: '/api/policies/decisions', summary: 'The decision ledger: every verdict, newest first', access: 'policies:read', query: policies.listDecisionsQuerySchema, response: pageOf(policies.recordedDecisionSchema) }),
  startBackTest: define({ method: 'post', path: '/api/policies/back-tests', summary: 'Judge recorded decisions anew under a draft', access: 'policies:write', status: 201, body: backTests.startBackTestBodySchema, response: backTests.backTestSchema }),
  listBackTests: define({ method: 'get', path: '/api/policies/back-tests', summary: 'Back-tests, newest first', access: 'policies:read', query: backTests.listBackTestsQuerySchema, response: pageOf(backTests.backTestSchema) }),
  getBackTest: define({ method: 'get', path: '/api/policies/back-tests/:id', summary: 'One back-test with its progress', access: 'policies:read', params: idParams, response: backTests.backTestSchema }),
  listBackTestDecisions: define({ method: 'get', path: '/api/policies/back-tests/:id/decisions', summary: 'Decisions the draft changes: looser first', access: 'policies:read', params: idParams, query: backTests.listBackTestDecisionsQuerySchema, response: pageOf(backTests.backTestDecisionSchema) }),
  cancelBackTest: define({ method: 'post', path: '/api/policies/back-tests/:id/cancel', summary: 'Stop a back-test', access: 'policies:write', params: idParams, response: backTests.backTestSchema }),
  getPolicy: define({ method: 'get', path: '/api/policies/:id', summary: 'One policy with its draft', access: 'policies:read', params: policyParams, response: policies.policySchema }),
  savePolicyDraft: define({ method: 'put', path: '/api/policies/:id/draft', summary: 'Save the draft of a policy', access: 'policies:write', params: policyParams, body: policies.savePolicyDraftBodySchema, response: policies.policySchema }),
  discardPolicyDraft: define({ method: 'delete', path: '/api/policies/:id/draft', summary: 'Throw a draft away, and the policy with it when it was never live', access: 'policies:write', params: policyParams, query: policies.policyRevisionQuerySchema }),
  publishPolicy: define({ method: 'post', path: '/api/policies/:id/publish', summary: 'Make the draft live as a new version', access: 'policies:write', params: policyParams, body: policies.publishPolicyBodySchema, response: policies.policySchema }),
  turnOffPolicy: define({ method: 'post', path: '/api/policies/:id/off', summary: 'Take a policy out of force', access: 'policies:write', params: policyParams, body: policies.turnOffPolicyBodySchema, response: policies.policySchema }),
  rollBackPolicy: define({ method: 'post', path: '/api/policies/:id/roll-back', summary: 'Make the text of an older version live, as a new version', access: 'policies:write', params: policyParams, body: policies.rollBackPolicyBodySchema, response: policies.policySchema }),
  listPolicyVersions: define({ method: 'get', path: '/api/policies/:id/versions', summary: 'Versions of a policy, newest first', access: 'policies:read', params: policyParams, query: pageQuerySchema, response: pageOf(policies.policyVersionSchema) }),
  listAudit: define({ method: 'get', path: '/api/audit', summary: 'Who did what, newest first', access: 'audit:read', query: system.listAuditQuerySchema, response: pageOf(system.auditEntrySchema) }),
  verifyAudit: define({ method: 'get', path: '/api/audit/verification', summary: 'Whether the chain of the audit log is whole', access: 'audit:read', response: system.auditVerificationSchema }),
  listIntegrations: define({ method: 'get', path: '/api/integrations', summary: 'What is connected and how it is', access: 'integrations:read', response: system.integrationsResponseSchema }),
  listConnections: define({ method: 'get', path: '/api/integrations/connections', summary: 'Connections to models, with their circuits', access: 'integrations:read', response: connections.connectionsResponseSchema }),
  createConnection: define({ method: 'post', path: '/api/integrations/connections', summary: 'Add a connection to models', access: 'integrations:write', status: 201, body: connections.createConnectionBodySchema, response: connections.connectionSchema }),
  testConnectionDraft: define({ method: 'post', path: '/api/integrations/connections/test', summary: 'Test a connection before it is saved', access: 'integrations:write', body: connections.testConnectionBodySchema, response: connections.connectionTestSchema }),
  updateConnection: define({ method: 'patch', path: '/api/integrations/connections/:id', summary: 'Change a connection', access: 'integrations:write', params: connectionParams, body: connections.updateConnectionBodySchema, response: connections.connectionSchema }),
  deleteConnection: define({ method: 'delete', path: '/api/integrations/connections/:id', summary: 'Delete a connection; one in use needs its name', access: 'integrations:write', params: connectionParams, query: connections.deleteConnectionQuerySchema }),
  testConnection: define({ method: 'post', path: '/api/integrations/connections/:id/test', summary: 'Test a stored connection in stages', access: 'integrations:write', params: connectionParams, body: connections.testStoredConnectionBodySchema, response: connections.connectionTestSchema }),
  closeCircuit: define({ method: 'post', path: '/api/integrations/connections/:id/close-circuit', summary: 'Send calls again at once', access: 'integrations:write', params: connectionParams, response: connections.connectionSchema }),
  listConnectionModels: define({ method: 'get', path: '/api/integrations/connections/:id/models', summary: 'Models the server lists', access: 'integrations:read', params: connectionParams, response: connections.listedModelsResponseSchema }),
  listToolSettings: define({ method: 'get', path: '/api/integrations/tools', summary: 'Tools with their limits and settings', access: 'integrations:read', response: toolSettings.toolSettingsResponseSchema }),
  updateToolSettings: define({ method: 'patch', path: '/api/integrations/tools/:name', summary: 'Switch a tool on or off, limit it, set it up', access: 'integrations:write', params: z.strictObject({ name: toolNameSchema }), body: toolSettings.updateToolSettingsBodySchema, response: toolSettings.toolSettingsSchema }),
  listDataSources: define({ method: 'get', path: '/api/integrations/data-sources', summary: 'Databases agents may read', access: 'integrations:read', response: dataSources.dataSourcesResponseSchema }),
  createDataSource: define({ method: 'post', path: '/api/integrations/data-sources', summary: 'Add a database agents may read', access: 'integrations:write', status: 201, body: dataSources.createDataSourceBodySchema, response: dataSources.dataSourceSchema }),
  testDataSourceDraft: define({ method: 'post', path: '/api/integrations/data-sources/test', summary: 'Test a data source before it is saved', access: 'integrations:write', body: dataSources.testDataSourceBodySchema, response: stagedTestSchema }),
  updateDataSource: define({ method: 'patch', path: '/api/integrations/data-sources/:id', summary: 'Change a data source', access: 'integrations:write', params: dataSourceParams, body: dataSources.updateDataSourceBodySchema, response: dataSources.dataSourceSchema }),
  deleteDataSource: define({ method: 'delete', path: '/api/integrations/data-sources/:id', summary: 'Delete a data source; one agents may use needs its name', access: 'integrations:write', params: dataSourceParams, query: dataSources.deleteDataSourceQuerySchema }),
  testDataSource: define({ method: 'post', path: '/api/integrations/data-sources/:id/test', summary: 'Test a stored data source in stages', access: 'integrations:write', params: dataSourceParams, response: stagedTestSchema }),
  listDataSourceTables: define({ method: 'get', path: '/api/integrations/data-sources/:id/tables', summary: 'Tables agents may read there, with their columns', access: 'integrations:read', params: dataSourceParams, response: dataSources.dataSourceTablesResponseSchema }),
  listMcpServers: define({ method: 'get', path: '/api/integrations/mcp-servers', summary: 'MCP servers with their tools and reviews', access: 'integrations:read', response: mcp.mcpServersResponseSchema }),
  createMcpServer: define({ method: 'post', path: '/api/integrations/mcp-servers', summary: 'Add an MCP server and list its tools', access: 'integrations:write', status: 201, body: mcp.createMcpServerBodySchema, response: mcp.mcpServerSchema }),
  testMcpServerDraft: define({ method: 'post', path: '/api/integrations/mcp-servers/test', summary: 'Test an MCP server before it is saved', access: 'integrations:write', body: mcp.testMcpServerBodySchema, response: mcp.mcpDraftTestSchema }),
  updateMcpServer: define({ method: 'patch', path: '/api/integrations/mcp-servers/:id', summary: 'Change an MCP server', access: 'integrations:write', params: idParams, body: mcp.updateMcpServerBodySchema, response: mcp.mcpServerSchema }),
  deleteMcpServer: define({ method: 'delete', path: '/api/integrations/mcp-servers/:id', summary: 'Delete an MCP server; one in use needs its name', access: 'integrations:write', params: idParams, query: mcp.deleteMcpServerQuerySchema }),
  refreshMcpServer: define({ method: 'post', path: '/api/integrations/mcp-servers/:id/refresh', summary: 'Connect and list the tools anew', access: 'integrations:write', params: idParams, response: mcp.mcpServerSchema }),
  reviewMcpTool: define({ method: 'put', path: '/api/integrations/mcp-servers/:id/tools/:tool_id/review', summary: 'Switch a tool of a server on or off, with risk and effect', access: 'integrations:write', params: idParams.extend({ tool_id: idSchema }), body: mcp.reviewMcpToolBodySchema, response: mcp.mcpServerSchema }),
  listSecrets: define({ method: 'get', path: '/api/integrations/secrets', summary: 'Named secrets, never their values', access: 'integrations:read', response: secrets.secretsResponseSchema }),
  createSecret: define({ method: 'post', path: '/api/integrations/secrets', summary: 'Add a secret', access: 'integrations:write', status: 201, body: secrets.createSecretBodySchema, response: secrets.secretSchema }),
  updateSecret: define({ method: 'patch', path: '/api/integrations/secrets/:id', summary: 'Change a secret', access: 'integrations:write', params: idParams, body: secrets.updateSecretBodySchema, response: secrets.secretSchema }),
  deleteSecret: define({ method: 'delete', path: '/api/integrations/secrets/:id', summary: 'Delete a secret; one in use needs its name', access: 'integrations:write', params: idParams, query: secrets.deleteSecretQuerySchema }),
  listPrices: define({ method: 'get', path: '/api/integrations/prices', summary: 'Prices of models, with source and day', access: 'integrations:read', response: connections.pricesResponseSchema }),
  setPrice: define({ method: 'put', path: '/api/integrations/prices', summary: 'Set the price of a model', access: 'integrations:write', body: connections.setPriceBodySchema, response: connections.priceSchema }),
  deletePrice: define({ method: 'delete', path: '/api/integrations/prices/:id', summary: 'Take a set price back', access: 'integrations:write', params: idParams }),
  getAnswerCache: define({ method: 'get', path: '/api/integrations/answer-cache', summary: 'Answers kept for identical requests', access: 'integrations:read', response: connections.answerCacheSchema }),
  purgeAnswerCache: define({ method: 'delete', path: '/api/integrations/answer-cache', summary: 'Forget kept answers', access: 'integrations:write', status: 200, query: connections.purgeAnswerCacheQuerySchema, response: connections.purgedResponseSchema }),
  getObservability: define({ method: 'get', path: '/api/observability', summary: 'Latency, errors, cost and approvals over a time range', access: 'observability:read', query: system.observabilityQuerySchema, response: system.observabilityResponseSchema }),
  getDashboard: define({ method: 'get', path: '/api/observability/dashboard', summary: 'The figures of the dashboard', access: 'observability:read', response: system.dashboardResponseSchema }),
  getHealth: define({ method: 'get', path: '/api/observability/health', summary: 'State of the services a run needs', access: 'observability:read', response: system.healthResponseSchema }),

  getLiveness: define({ method: 'get', path: '/healthz', summary: 'The process is alive', access: 'public', response: system.livenessResponseSchema }),
} as const;

/** Endpoints whose answer is not one JSON document of a fixed status, with the access each needs. */
export const streamEndpoints = {
  /** The bytes, always as an attachment and never as a page. */
  runFile: { method: 'get', path: '/api/apa/runs/:run_id/files/:file_id', access: 'runs:read', params: fileParams, query: nothing, summary: 'Download one file of a run' },
  outboxAttachment: { method: 'get', path: '/api/outbox/:id/attachments/:index', access: 'outbox:read', params: attachmentParams, query: nothing, summary: 'Download one attachment of an e-mail in the built-in outbox' },
  /** NDJSON, one entry a line, as `npm run verify-audit` reads it. */
  auditExport: { method: 'get', path: '/api/audit/export', access: 'audit:read', query: system.auditExportQuerySchema, summary: 'The audit log as a file that can be verified offline' },
  events: { method: 'get', path: '/api/events', access: 'events:read', query: eventsQuerySchema, summary: 'Server-sent events, resumable by Last-Event-ID' },
  openApi: { method: 'get', path: '/api/openapi.json', access: 'public', query: nothing, summary: 'This API as OpenAPI 3.1' },
  /** 200 with `ready`, 503 with `not_ready`. */
  readiness: { method: 'get', path: '/readyz', access: 'public', query: nothing, summary: 'The process can do its work' },
  metrics: { method: 'get', path: '/metrics', access: 'public', query: nothing, summary: 'Prometheus metrics' },
} as const satisfies Record<string, { method: HttpMethod; path: string; access: Endpoint['access']; params?: z.ZodType; query: z.ZodType; summary: string }>;

export type EndpointName = keyof typeof endpoints;
export type ResponseOf<Name extends EndpointName> = z.output<(typeof endpoints)[Name]['response']>;
