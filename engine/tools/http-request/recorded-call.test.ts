// What becomes of a recorded call when the other side takes a request and falls silent: the database's word against a real server's.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findToolCall } from '../../../db/repositories/tool-calls.repository.ts';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.ts';
import { startRawServer, toolWith } from '../../../tests/support/http-request.ts';
import { addRun, recordCall } from '../../../tests/support/run-records.ts';
import { catalogueOf, noSecrets } from '../../../tests/support/tools.ts';
import { executeToolCall } from '../execution/execute-tool-call.ts';
import type { Tool } from '../tool.ts';
import { effectOfRequest, type HttpRequestArguments } from './arguments.ts';

let database: TestDatabase;
let runId: string;
beforeAll(async () => {
  database = await createTestDatabase();
  runId = await addRun(database.db);
});
afterAll(() => database.close());

const propose = (args: HttpRequestArguments): Promise<string> => recordCall(database.db, { runId, toolName: 'http_request', arguments: args, effect: effectOfRequest(args) });
const tool = toolWith({ allow_private_hosts: ['service.test'] }) as unknown as Tool;
const attempt = (toolCallId: string, number: number, signal = new AbortController().signal) =>
  executeToolCall({ db: database.db, tools: catalogueOf([tool]), secrets: noSecrets, judgeAgain: async () => 'stands' }, { toolCallId, attempt: number, maxAttempts: 3, signal });
const stateOf = async (id: string) => (await findToolCall(database.db, id))?.state;

describe('a server that takes the request and dies', () => {
  test.each(['POST', 'PATCH'] as const)('leaves a %s of unknown outcome, and no attempt sends it again', async (method) => {
    const raw = await startRawServer((socket) => socket.destroy());
    const id = await propose({ method, url: `http://service.test:${raw.port}/`, body: 'x' });
    expect(await attempt(id, 1)).toEqual({ state: 'outcome_unknown' });
    expect(await attempt(id, 2)).toEqual({ state: 'outcome_unknown' });
    expect(raw.requests()).toBe(1);
    expect(await findToolCall(database.db, id)).toMatchObject({ state: 'outcome_unknown', error: { message: expect.stringContaining('It is not known whether this happened') } });
    await raw.close();
  });

  test.each(['GET', 'PUT', 'DELETE'] as const)('is asked again with %s, which may be', async (method) => {
    let answers = 0;
    const raw = await startRawServer((socket) => {
      answers += 1;
      if (answers === 1) socket.destroy();
      else socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
    });
    const id = await propose({ method, url: `http://service.test:${raw.port}/` });
    await expect(attempt(id, 1)).rejects.toMatchObject({ code: 'TOOL_UNAVAILABLE' });
    expect(await attempt(id, 2)).toEqual({ state: 'succeeded' });
    expect(raw.requests()).toBe(2);
    await raw.close();
  });

  test('after its status leaves nothing unknown', async () => {
    const raw = await startRawServer((socket) => socket.end('HTTP/1.1 201 Created\r\ncontent-type: text/plain\r\ncontent-length: 100\r\n\r\nhalf'));
    const id = await propose({ method: 'POST', url: `http://service.test:${raw.port}/` });
    expect(await attempt(id, 1)).toEqual({ state: 'succeeded' });
    expect(await findToolCall(database.db, id)).toMatchObject({ summary: '201 Created, 4 bytes, cut' });
    await raw.close();
  });
});

test('a server that cannot be reached is tried again, and the call is a plain failure in the end', async () => {
  const raw = await startRawServer(() => {});
  await raw.close();
  const id = await propose({ method: 'POST', url: `http://service.test:${raw.port}/` });
  for (const number of [1, 2]) {
    await expect(attempt(id, number)).rejects.toMatchObject({ code: 'TOOL_UNAVAILABLE' });
    expect(await stateOf(id)).toBe('allowed');
  }
  expect(await attempt(id, 3)).toEqual({ state: 'failed' });
});

test('a worker that stops while the request is out leaves it to be asked about; one that stops before it was out does not', async () => {
  const gone = new Error('worker is gone');
  const during = new AbortController();
  const raw = await startRawServer(() => during.abort(gone));
  const sent = await propose({ method: 'POST', url: `http://service.test:${raw.port}/` });
  await expect(attempt(sent, 1, during.signal)).rejects.toBe(gone);
  expect(await attempt(sent, 2)).toEqual({ state: 'outcome_unknown' });
  expect(raw.requests()).toBe(1);

  const before = new AbortController();
  const lookingUp = toolWith({ allow_private_hosts: ['service.test'] }, async () => {
    before.abort(gone);
    return [{ address: '127.0.0.1', family: 4 }];
  }) as unknown as Tool;
  const unsent = await propose({ method: 'POST', url: `http://service.test:${raw.port}/` });
  await expect(executeToolCall({ db: database.db, tools: catalogueOf([lookingUp]), secrets: noSecrets, judgeAgain: async () => 'stands' }, { toolCallId: unsent, attempt: 1, maxAttempts: 3, signal: before.signal })).rejects.toBe(gone);
  expect(await stateOf(unsent)).toBe('allowed');
  expect(raw.requests()).toBe(1);
  await raw.close();
});
