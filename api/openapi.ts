import type { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject, type ZodOpenApiResponsesObject } from 'zod-openapi';
import { agentSchema, agentVersionSchema } from '../contracts/agents.ts';
import { approvalDetailsSchema, approvalRequestSchema } from '../contracts/approvals.ts';
import { userSchema } from '../contracts/auth.ts';
import { backTestSchema } from '../contracts/back-tests.ts';
import { type Endpoint, endpoints, streamEndpoints } from '../contracts/endpoints.ts';
import { describeError, type ErrorCode, errorResponseSchema } from '../contracts/errors.ts';
import { memorySchema } from '../contracts/memory.ts';
import { rolesWith } from '../contracts/permissions.ts';
import { policyFormSchema, policySchema } from '../contracts/policies.ts';
import { runSchema, stepSchema } from '../contracts/runs.ts';
import { auditEntrySchema, integrationSchema, outboxEmailSchema, readinessResponseSchema } from '../contracts/system.ts';

type Definition = Pick<Endpoint, 'method' | 'path' | 'summary' | 'access'>;

/** `/api/agents/:id` as OpenAPI writes it: `/api/agents/{id}`. */
const toOpenApiPath = (path: string): string => path.replaceAll(/:([a-z_]+)/g, '{$1}');

/** The second part of the address: agents, runs, hitl, … */
const tagOf = (path: string): string => {
  const parts = path.split('/').filter((part) => part !== '');
  if (parts[0] !== 'api') return 'health';
  return (parts[1] === 'apa' ? parts[2] : parts[1]) ?? 'api';
};

const isEmpty = (schema: z.ZodType): boolean => Object.keys((schema as Partial<z.ZodObject>).shape ?? {}).length === 0;

const errorAnswer = (...codes: ErrorCode[]) => ({
  description: codes.map((code) => `${code}: ${describeError(code).sentence}`).join('\n\n'),
  content: {
    'application/json': {
      schema: errorResponseSchema,
      example: { error: { code: codes[0], message: describeError(codes[0] as ErrorCode).sentence, request_id: '019a0000-0000-7000-8000-000000000000' } },
    },
  },
});

const notFoundCodes: Record<string, ErrorCode> = { agents: 'AGENT_NOT_FOUND', runs: 'RUN_NOT_FOUND', hitl: 'APPROVAL_NOT_FOUND', users: 'USER_NOT_FOUND', policies: 'POLICY_NOT_FOUND', groups: 'GROUP_NOT_FOUND' };
const notFoundCodeOf = (path: string): ErrorCode => {
  if (path.startsWith('/api/integrations/')) return path.includes('/prices/') ? 'PRICE_NOT_FOUND' : 'CONNECTION_NOT_FOUND';
  if (path.startsWith('/api/policies/back-tests')) return 'BACK_TEST_NOT_FOUND';
  return notFoundCodes[tagOf(path)] ?? 'ROUTE_NOT_FOUND';
};

/** Answers other than success that an endpoint may give. */
function errorsOf(definition: Definition, parts: { hasParams: boolean; hasQuery: boolean; hasBody: boolean; isChange: boolean }): ZodOpenApiResponsesObject {
  const { access, path } = definition;
  return {
    ...(parts.hasBody ? { 400: errorAnswer('MALFORMED_JSON', 'BAD_REQUEST'), 413: errorAnswer('BODY_TOO_LARGE'), 415: errorAnswer('UNSUPPORTED_MEDIA_TYPE') } : {}),
    ...(parts.hasQuery && !parts.hasBody ? { 400: errorAnswer('CURSOR_INVALID') } : {}),
    ...(access === 'public' && !path.startsWith('/api/auth') ? {} : { 401: access === 'public' ? errorAnswer('CREDENTIALS_INVALID', 'UNAUTHENTICATED') : errorAnswer('UNAUTHENTICATED') }),
    ...(access === 'public' || access === 'signed_in' ? {} : { 403: errorAnswer('FORBIDDEN') }),
    ...(parts.hasParams ? { 404: errorAnswer(notFoundCodeOf(path)) } : {}),
    ...(parts.isChange && access !== 'public' ? { 409: { ...errorAnswer('RUN_ENDED'), description: 'What was asked no longer fits the state of things; `code` says why.' } } : {}),
    ...(parts.hasQuery || parts.hasBody ? { 422: errorAnswer('VALIDATION_FAILED') } : {}),
    ...(path.startsWith('/api/auth') ? { 429: errorAnswer('TOO_MANY_ATTEMPTS') } : {}),
    ...(path.startsWith('/api') ? { 503: errorAnswer('DATABASE_UNAVAILABLE', 'TEMPORAL_UNAVAILABLE') } : {}),
  };
}

/** Whether an endpoint takes a body at all: those that do not are content with none or `{}`. */
const takesBody = (endpoint: Endpoint): boolean => endpoint.method !== 'get' && endpoint.body.safeParse(null).success === false;

const exampleBodies: Record<string, unknown> = {
  signIn: { email: 'admin@example.com', password: 'a long password' },
  createAgent: { name: 'Ticket analyst', purpose: 'Sums up support tickets.', llm_provider: 'openai', llm_model: 'gpt-5-mini', tools: ['run_sql', 'send_email'] },
  createRun: { agent_id: '019a0000-0000-7000-8000-000000000000', inputs: { goal: "Analyse today's support tickets and mail the summary to the support lead." } },
  approveRequest: { version: 1, note: 'Looks right.' },
  rejectRequest: { reason: 'The recipient is wrong.' },
  createConnection: { name: 'Local models', api: 'openai', base_url: 'http://127.0.0.1:11434/v1', limits: { requests_per_minute: 60 } },
  testConnectionDraft: { api: 'openai', base_url: 'http://127.0.0.1:11434/v1', model: 'qwen3' },
  setPrice: { provider: 'openai', model: 'gpt-6-sol', input: 2_000_000, output: 10_000_000, source: 'Our contract with the provider', as_of: '2026-11-24' },
  createPolicy: { name: 'Mail outside asks', form: { effect: 'ask', tools: ['send_email'], conditions: [{ fact: 'outside_recipient_count', operator: 'at_least', value: 1 }], reason: 'Mail to others waits for a person.' } },
  publishPolicy: { revision: 1, note: 'As agreed with finance.', reason_without_back_test: 'There is no history yet.' },
  tryCall: { agent_id: '019a0000-0000-7000-8000-000000000000', tool_name: 'send_email', arguments: { to: ['someone@example.net'], subject: 'Figures', text: 'Hello' } },
  steerRun: { message: 'Leave out tickets that are closed.' },
};

const idempotencyParameter = {
  name: 'Idempotency-Key', in: 'header' as const, required: false,
  description: 'The same key with the same body starts one run, however often it is sent.',
  schema: { type: 'string' as const, minLength: 1, maxLength: 255 },
};

const describeAccess = (access: Endpoint['access']): string =>
  access === 'public' ? 'Needs no sign-in.' : access === 'signed_in' ? 'Any signed-in person.' : `Needs \`${access}\`: ${rolesWith(access).join(', ')}.`;

const common = (name: string, definition: Definition) => ({
  operationId: name,
  summary: definition.summary,
  description: describeAccess(definition.access),
  tags: [tagOf(definition.path)],
  security: definition.access === 'public' ? [] : [{ bearer: [] }],
});

function toOperation(name: string, endpoint: Endpoint): ZodOpenApiOperationObject {
  const hasParams = !isEmpty(endpoint.params);
  const hasQuery = !isEmpty(endpoint.query);
  const hasBody = takesBody(endpoint);
  const example = exampleBodies[name];
  return {
    ...common(name, endpoint),
    requestParams: {
      ...(hasParams ? { path: endpoint.params as z.ZodObject } : {}),
      ...(hasQuery ? { query: endpoint.query as z.ZodObject } : {}),
    },
    ...(name === 'createRun' ? { parameters: [idempotencyParameter] } : {}),
    ...(hasBody ? { requestBody: { required: !endpoint.body.safeParse(undefined).success, content: { 'application/json': { schema: endpoint.body, ...(example === undefined ? {} : { example }) } } } } : {}),
    responses: {
      [endpoint.status]:
        endpoint.status === 204 ? { description: 'Done.' } : { description: endpoint.summary, content: { 'application/json': { schema: endpoint.response } } },
      ...errorsOf(endpoint, { hasParams, hasQuery, hasBody, isChange: endpoint.method !== 'get' }),
    },
  } as ZodOpenApiOperationObject;
}

const download: ZodOpenApiResponsesObject = { 200: { description: 'The bytes, as an attachment.', content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } } }, 401: errorAnswer('UNAUTHENTICATED'), 403: errorAnswer('FORBIDDEN'), 404: errorAnswer('FILE_NOT_FOUND') };

/** The endpoints whose answer is not one JSON document of a fixed status. */
const streamAnswers: Record<keyof typeof streamEndpoints, ZodOpenApiResponsesObject> = {
  events: { 200: { description: 'Events as they happen; each `id` may be sent back as Last-Event-ID.', content: { 'text/event-stream': { schema: { type: 'string' } } } }, 400: errorAnswer('CURSOR_INVALID'), 401: errorAnswer('UNAUTHENTICATED'), 422: errorAnswer('VALIDATION_FAILED') },
  runFile: download,
  outboxAttachment: download,
  auditExport: { 200: { description: 'One entry a line, oldest first.', content: { 'application/x-ndjson': { schema: { type: 'string' } } } }, 401: errorAnswer('UNAUTHENTICATED'), 403: errorAnswer('FORBIDDEN'), 422: errorAnswer('VALIDATION_FAILED') },
  openApi: { 200: { description: 'This document.', content: { 'application/json': { schema: { type: 'object' } } } } },
  readiness: {
    200: { description: 'Ready.', content: { 'application/json': { schema: readinessResponseSchema } } },
    503: { description: 'Not ready.', content: { 'application/json': { schema: readinessResponseSchema } } },
  },
  metrics: { 200: { description: "Prometheus' text form.", content: { 'text/plain': { schema: { type: 'string' } } } } },
};

/** The whole API as OpenAPI 3.1, made from the contract and nothing else. */
export function createOpenApiDocument(): unknown {
  const paths: ZodOpenApiPathsObject = {};
  const add = (definition: Definition, operation: ZodOpenApiOperationObject): void => {
    const path = toOpenApiPath(definition.path);
    paths[path] = { ...paths[path], [definition.method]: operation };
  };
  for (const [name, endpoint] of Object.entries(endpoints) as [string, Endpoint][]) add(endpoint, toOperation(name, endpoint));
  for (const [name, endpoint] of Object.entries(streamEndpoints)) {
    const query = endpoint.query as z.ZodType;
    add(endpoint, {
      ...common(name, endpoint),
      ...('params' in endpoint ? { requestParams: { path: endpoint.params as z.ZodObject } } : isEmpty(query) ? {} : { requestParams: { query: query as z.ZodObject } }),
      responses: streamAnswers[name as keyof typeof streamEndpoints],
    });
  }
  return createDocument({
    openapi: '3.1.1',
    info: { title: 'Maestro', version: '0.1.0', description: 'AI agents as durable workflows, with people in control of every risky action.', license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: '/' }],
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'The `access_token` of `POST /api/auth/token`.' } },
      schemas: {
        ErrorResponse: errorResponseSchema, Agent: agentSchema, AgentVersion: agentVersionSchema, Run: runSchema, Step: stepSchema, ApprovalRequest: approvalRequestSchema,
        Memory: memorySchema, User: userSchema, OutboxEmail: outboxEmailSchema, AuditEntry: auditEntrySchema, Integration: integrationSchema,
        ApprovalDetails: approvalDetailsSchema, Policy: policySchema, PolicyForm: policyFormSchema, BackTest: backTestSchema,
      },
    },
  });
}
