import { json, type NextFunction, type Request, type RequestHandler, type Response, type Router } from 'express';
import type { z } from 'zod';
import { type Endpoint, type EndpointName, endpoints, type ResponseOf } from '../contracts/endpoints.ts';
import { AppError, type ErrorCode, type FieldIssue } from '../contracts/errors.ts';
import { isAllowed, rolesWith } from '../contracts/permissions.ts';
import { findUnstorable } from './middleware/unstorable.ts';
import { authenticate, clientAddressOf, type RequestActor } from './auth/index.ts';
import { depsOf, requestIdOf } from './request-context.ts';

/** Bytes a request body may have, after decompression. */
export const bodyLimitBytes = 1024 * 1024;

/** Any JSON value, so that a wrong type is told as a field that does not fit and not as unreadable JSON. */
const parseJsonBody = json({ limit: bodyLimitBytes, strict: false });

type Definition<Name extends EndpointName> = (typeof endpoints)[Name];
/** Who asks: certain for endpoints that need it, absent for public ones. */
type ActorOf<Name extends EndpointName> = Definition<Name>['access'] extends 'public' ? undefined : RequestActor;

/** What a handler answers; nothing where the endpoint answers 204. */
type ResultOf<Name extends EndpointName> = ResponseOf<Name> extends undefined ? void : ResponseOf<Name>;

/** What a handler is given: everything parsed by the contract. */
export interface RouteContext<Name extends EndpointName> {
  params: z.output<Definition<Name>['params']>;
  query: z.output<Definition<Name>['query']>;
  body: z.output<Definition<Name>['body']>;
  actor: ActorOf<Name>;
  request: Request;
  response: Response;
}

/** An address whose id cannot be one names nothing: the answer is the resource's own "not found". */
const missingCodes: readonly [prefix: string, code: ErrorCode][] = [
  ['/api/agents/:id/memory/:memory_id', 'MEMORY_NOT_FOUND'],
  ['/api/agents', 'AGENT_NOT_FOUND'],
  ['/api/apa/runs/:run_id/steps/:step_id/attempts/:attempt_id', 'ATTEMPT_NOT_FOUND'],
  ['/api/apa/runs/:run_id/steps/:step_id', 'STEP_NOT_FOUND'],
  ['/api/apa/runs/:run_id/files/:file_id', 'FILE_NOT_FOUND'],
  ['/api/apa/runs', 'RUN_NOT_FOUND'],
  ['/api/apa/hitl', 'APPROVAL_NOT_FOUND'],
  ['/api/integrations/connections', 'CONNECTION_NOT_FOUND'],
  ['/api/integrations/prices', 'PRICE_NOT_FOUND'],
  ['/api/integrations/tools', 'TOOL_UNKNOWN'],
  ['/api/integrations/data-sources', 'CONNECTION_NOT_FOUND'],
  ['/api/integrations/mcp-servers/:id/tools/:tool_id', 'MCP_TOOL_NOT_FOUND'],
  ['/api/integrations/mcp-servers', 'CONNECTION_NOT_FOUND'],
  ['/api/integrations/secrets', 'SECRET_NOT_FOUND'],
  ['/api/integrations/webhooks', 'WEBHOOK_NOT_FOUND'],
  ['/api/policies/back-tests', 'BACK_TEST_NOT_FOUND'],
  ['/api/policies', 'POLICY_NOT_FOUND'],
  ['/api/outbox/:id/attachments', 'FILE_NOT_FOUND'],
  ['/api/users', 'USER_NOT_FOUND'],
  ['/api/groups', 'GROUP_NOT_FOUND'],
  ['/api/delegations', 'DELEGATION_NOT_FOUND'],
];
const missingCodeOf = (path: string): ErrorCode => missingCodes.find(([prefix]) => path.startsWith(prefix))?.[1] ?? 'ROUTE_NOT_FOUND';

const toIssues = (error: z.ZodError): FieldIssue[] =>
  error.issues.flatMap((issue) => {
    const path = issue.path.map(String).join('.');
    if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }];
    return issue.keys.map((key) => ({ path: path === '' ? key : `${path}.${key}`, message: 'There is no such field.' }));
  });

/** Parses a part of a request strictly; throws VALIDATION_FAILED with `details.issues`, one per refused field. */
export function parsePart<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const unstorable = findUnstorable(value);
  if (unstorable !== undefined) throw new AppError('VALIDATION_FAILED', undefined, { details: { issues: [unstorable] } });
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new AppError('VALIDATION_FAILED', undefined, { details: { issues: toIssues(parsed.error) } });
  return parsed.data;
}

/** The signed-in person behind a request, once their role is known to allow `access`. Throws UNAUTHENTICATED and FORBIDDEN. */
export async function authorize(access: Exclude<Endpoint['access'], 'public'>, request: Request): Promise<RequestActor> {
  const actor = { ...(await authenticate(depsOf(request), request)), requestId: requestIdOf(request), source: clientAddressOf(request) };
  if (access === 'signed_in' || isAllowed(actor.role, access)) return actor;
  const allowed = rolesWith(access);
  throw new AppError('FORBIDDEN', `This needs the role ${allowed.join(' or ')}; yours is ${actor.role}.`, { details: { permission: access, role: actor.role, allowed_roles: allowed } });
}

const hasBody = (request: Request): boolean =>
  request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;

/** Reads the body as JSON; undefined when there is none. */
async function readBody(request: Request, response: Response): Promise<unknown> {
  if (!hasBody(request)) return undefined;
  if (request.is('application/json') === false) throw new AppError('UNSUPPORTED_MEDIA_TYPE');
  await new Promise<void>((resolve, reject) => {
    parseJsonBody(request, response, (error?: unknown) => (error === undefined ? resolve() : reject(error)));
  });
  return request.body as unknown;
}

/**
 * Implements an endpoint of the contract: authenticates and authorizes by its `access`, parses params, query and body strictly,
 * calls the handler and answers its result with the endpoint's status. The body is read last, so that nobody without the right
 * to send one can make the server read it.
 */
export function route<Name extends EndpointName>(
  router: Router,
  name: Name,
  handler: (context: RouteContext<Name>) => Promise<ResultOf<Name>> | ResultOf<Name>,
): void {
  const endpoint: Endpoint = endpoints[name];
  const handle: RequestHandler = async (request: Request, response: Response, _next: NextFunction) => {
    response.locals['endpoint'] = name;
    const actor = endpoint.access === 'public' ? undefined : await authorize(endpoint.access, request);
    response.locals['userId'] = actor?.userId;
    const params = endpoint.params.safeParse(request.params);
    if (!params.success) throw new AppError(missingCodeOf(endpoint.path));
    const query = parsePart(endpoint.query, request.query);
    const body = parsePart(endpoint.body, endpoint.method === 'get' ? undefined : await readBody(request, response));
    const result = await handler({ params: params.data, query, body, actor, request, response } as RouteContext<Name>);
    response.status(endpoint.status);
    if (endpoint.status === 204) response.end();
    else response.json(result);
  };
  router[endpoint.method](endpoint.path, handle);
}
