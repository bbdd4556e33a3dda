import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insertRunFiles } from '../../../db/repositories/run-files.repository.ts';
import { newId } from '../../../platform/ids.ts';
import { type ApiServer, readError, startApiServer } from '../../../tests/support/api-server.ts';
import { recordTurn } from '../../../tests/support/run-records.ts';

let api: ApiServer;
let runId: string;
let toolCallId: string;
const absent = '019a0000-0000-7000-8000-000000000000';

beforeAll(async () => {
  api = await startApiServer();
  const agent = await api.call('createAgent', { as: 'operator', body: { name: 'Plotter', purpose: 'Plots.', llm_provider: 'scripted', llm_model: 'support-ticket-analyzer', tools: ['execute_python'] } });
  runId = (await api.call('createRun', { as: 'operator', body: { agent_id: agent.id, inputs: { goal: 'Plot it.' } } })).run_id;
  toolCallId = (await recordTurn(api.database.db, { runId, iteration: 2, calls: [{ toolName: 'execute_python', arguments: { code: '1' } }] }))[0] as string;
});
afterAll(() => api.close());

const keep = async (name: string, mediaType: string, bytes: Uint8Array): Promise<string> => {
  const id = newId();
  await insertRunFiles(api.database.db, { runId, toolCallId, files: [{ id, name, mediaType, bytes }] });
  return id;
};
const addressOf = (fileId: string, run = runId): string => `/api/apa/runs/${run}/files/${fileId}`;
const download = (fileId: string, run?: string) => api.request('GET', addressOf(fileId, run), { as: 'viewer' });

describe('files of a run', () => {
  it('are listed with the call that made them, oldest first, without their content', async () => {
    const bytes = Buffer.from('a,b\n1,2\n');
    const first = await keep('table.csv', 'text/csv', bytes);
    const second = await keep('plot.png', 'image/png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 255]));
    const { items } = await api.call('listRunFiles', { as: 'viewer', params: { run_id: runId } });
    expect(items.map(({ id }) => id)).toEqual([first, second]);
    expect(items[0]).toMatchObject({ run_id: runId, tool_call_id: toolCallId, tool_name: 'execute_python', iteration: 2, name: 'table.csv', media_type: 'text/csv', bytes: bytes.length, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown });
  });

  it('are handed out byte for byte, as a download under their name', async () => {
    const bytes = Uint8Array.from({ length: 300_000 }, (_, n) => (n * 7) % 256);
    const response = await download(await keep('Übersicht 2.png', 'image/png', bytes));
    expect(response.status).toBe(200);
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
    expect(Object.fromEntries(response.headers)).toMatchObject({ 'content-type': 'image/png', 'content-length': '300000', 'x-content-type-options': 'nosniff' });
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; .*filename\*=UTF-8''%C3%9Cbersicht%202\.png$/);
  });

  it.each(['text/html', 'image/svg+xml', 'application/javascript', 'text/html; charset=utf-8', 'nonsense\r\nx: y'])('that claim to be %s are bytes and nothing a browser runs', async (mediaType) => {
    const response = await download(await keep('page.html', mediaType, Buffer.from('<script>alert(1)</script>')));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/octet-stream');
    expect(response.headers.get('content-disposition')).toMatch(/^attachment/);
    expect(await response.text()).toBe('<script>alert(1)</script>');
  });

  it('are found in their own run only', async () => {
    const id = await keep('x.txt', 'text/plain', Buffer.from('x'));
    const other = await api.call('createRun', { as: 'operator', body: { agent_id: (await api.call('getRun', { as: 'viewer', params: { run_id: runId } })).agent_id, inputs: { goal: 'Other.' } } });
    expect(await readError(await download(id, other.run_id))).toMatchObject({ status: 404, code: 'FILE_NOT_FOUND' });
    expect(await readError(await download(absent))).toMatchObject({ status: 404, code: 'FILE_NOT_FOUND' });
    expect(await readError(await download('no-id'))).toMatchObject({ status: 404, code: 'FILE_NOT_FOUND' });
    for (const run of [absent, 'no-id']) expect(await readError(await download(id, run))).toMatchObject({ status: 404, code: 'RUN_NOT_FOUND' });
    expect(await api.refusal('listRunFiles', { as: 'viewer', params: { run_id: absent } })).toMatchObject({ status: 404, code: 'RUN_NOT_FOUND' });
    expect(await api.call('listRunFiles', { as: 'viewer', params: { run_id: other.run_id } })).toEqual({ items: [] });
  });

  it('are for people who are signed in', async () => {
    const id = await keep('x.txt', 'text/plain', Buffer.from('x'));
    expect(await readError(await api.request('GET', addressOf(id)))).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
    expect(await api.refusal('listRunFiles', { params: { run_id: runId } })).toMatchObject({ status: 401 });
  });
});
