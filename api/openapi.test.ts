import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Endpoint, endpoints, streamEndpoints } from '../contracts/endpoints.ts';
import { type ApiServer, startApiServer } from '../tests/support/api-server.ts';

interface Operation {
  operationId: string;
  security: object[];
  parameters?: { name: string; in: string }[];
  requestBody?: { content: Record<string, { schema: object; example?: unknown }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: object; example?: unknown }> }>;
}
interface OpenApiDocument {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object>; securitySchemes: Record<string, unknown> };
}

let api: ApiServer;
let document: OpenApiDocument;
beforeAll(async () => {
  api = await startApiServer();
  document = (await (await api.request('GET', '/api/openapi.json')).json()) as OpenApiDocument;
});
afterAll(() => api.close());

const operationOf = ({ path, method }: Pick<Endpoint, 'path' | 'method'>): Operation | undefined => document.paths[path.replaceAll(/:([a-z_]+)/g, '{$1}')]?.[method];
const operations = (): Operation[] => Object.values(document.paths).flatMap((path) => Object.values(path));

describe('OpenAPI document', () => {
  it('lists every endpoint of the contract and nothing else', () => {
    const names = [...Object.keys(endpoints), ...Object.keys(streamEndpoints)];
    expect(operations().map((operation) => operation.operationId).toSorted()).toEqual(names.toSorted());
    for (const [name, endpoint] of [...Object.entries(endpoints), ...Object.entries(streamEndpoints)]) expect(operationOf(endpoint)?.operationId).toBe(name);
  });

  it('says of each endpoint whether it needs a token, its success and its refusals', () => {
    expect(document.openapi).toMatch(/^3\.1\./);
    expect(document.components.securitySchemes).toMatchObject({ bearer: { type: 'http', scheme: 'bearer' } });
    for (const endpoint of Object.values(endpoints) as Endpoint[]) {
      const operation = operationOf(endpoint) as Operation;
      expect(operation.security).toEqual(endpoint.access === 'public' ? [] : [{ bearer: [] }]);
      expect(Object.keys(operation.responses)).toContain(String(endpoint.status));
      if (endpoint.access !== 'public') expect(Object.keys(operation.responses)).toContain('401');
    }
  });

  it('names every parameter of an address', () => {
    for (const [path, methods] of Object.entries(document.paths)) {
      const inPath = [...path.matchAll(/\{([a-z_]+)\}/g)].map((match) => match[1]);
      for (const operation of Object.values(methods)) {
        expect((operation.parameters ?? []).filter((parameter) => parameter.in === 'path').map((parameter) => parameter.name)).toEqual(inPath);
      }
    }
  });

  it('refers to nothing it does not hold, and every schema is one', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map((match) => match[1] as string);
    expect(references.filter((name) => document.components.schemas[name] === undefined)).toEqual([]);
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema({ $id: 'https://maestro.example/api', components: document.components });
    const inside = (schema: object): object => JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"https://maestro.example/api#/components')) as object;
    for (const operation of operations()) {
      for (const { schema, example } of [operation.requestBody, ...Object.values(operation.responses)].flatMap((part) => Object.values(part?.content ?? {}))) {
        const validate = ajv.compile(inside(schema));
        if (example !== undefined) expect([operation.operationId, validate(example), validate.errors]).toEqual([operation.operationId, true, null]);
      }
    }
  });

  it('describes what the api really answers', async () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema({ $id: 'https://maestro.example/api', components: document.components });
    const check = (operation: Operation | undefined, status: number, answer: unknown): void => {
      const schema = operation?.responses[status]?.content?.['application/json']?.schema as object;
      const validate = ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"https://maestro.example/api#/components')) as object);
      expect([operation?.operationId, validate(answer), validate.errors]).toEqual([operation?.operationId, true, null]);
    };
    for (const name of ['listRuns', 'countRuns', 'getObservability', 'getDashboard', 'getHealth', 'listTools'] as const) {
      const response = await api.request('GET', endpoints[name].path, { as: 'viewer' });
      check(operationOf(endpoints[name]), 200, await response.json());
    }
    const refused = await api.request('GET', endpoints.listRuns.path);
    check(operationOf(endpoints.listRuns), 401, await refused.json());
  });
});
