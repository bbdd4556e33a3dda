import { get as httpGet, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { SignJWT } from 'jose';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { NewMaestroEvent } from '../../contracts/events.ts';
import { insertEvents } from '../../db/repositories/events.repository.ts';
import { newId } from '../../platform/ids.ts';
import { type ApiServer, readError, startApiServer } from '../../tests/support/api-server.ts';
import { type EventReader, readEvents } from '../../tests/support/event-reader.ts';
import { until } from '../../tests/support/until.ts';
import { authOf } from '../auth/index.ts';

let api: ApiServer;
const readers: EventReader[] = [];
beforeAll(async () => {
  api = await startApiServer({ eventTimings: { pollMs: 10, heartbeatMs: 100 } });
});
afterEach(() => {
  for (const reader of readers.splice(0)) reader.close();
});
afterAll(() => api.close());

const open = async (options: { query?: string; lastEventId?: string | undefined; on?: ApiServer } = {}): Promise<EventReader> => {
  const server = options.on ?? api;
  const reader = await readEvents(`${server.baseUrl}/api/events${options.query ?? ''}`, { authorization: `Bearer ${server.tokenOf('viewer')}`, ...(options.lastEventId === undefined ? {} : { 'last-event-id': options.lastEventId }) });
  readers.push(reader);
  return reader;
};
const mail = (): Extract<NewMaestroEvent, { type: 'mail-received' }> => ({ type: 'mail-received', run_id: null, data: { outbox_id: newId() } });
const ofRun = (runId: string): NewMaestroEvent => ({ type: 'mail-received', run_id: runId, data: { outbox_id: newId() } });
const write = (...events: NewMaestroEvent[]): Promise<void> => insertEvents(api.deps.db, events);
const idsOf = (reader: EventReader): string[] => reader.events.map((event) => (event.data as { outbox_id: string }).outbox_id);
const idOf = (event: NewMaestroEvent): string => (event.data as { outbox_id: string }).outbox_id;

describe('event stream', () => {
  it('begins with how to come back and from where, then tells what happens from now on, once and in order', async () => {
    await write(mail());
    const reader = await open();
    expect(reader.retryMs).toBe(1_000);
    expect(reader.lastEventId).toMatch(/^\d+-\d+$/);
    const events = Array.from({ length: 50 }, mail);
    for (const event of events) await write(event);
    await reader.waitFor('all events', (seen) => seen.length >= 50);
    expect(idsOf(reader)).toEqual(events.map(idOf));
  });

  it('goes on behind the id it is given, whether by header or by address, and the header wins', async () => {
    const first = await open();
    const events = Array.from({ length: 6 }, mail);
    await write(...events);
    await first.waitFor('six', (seen) => seen.length >= 6);
    const at = first.events.map((event) => event.id);
    const byHeader = await open({ lastEventId: at[2] });
    const byAddress = await open({ query: `?last_event_id=${at[3]}` });
    const byBoth = await open({ query: `?last_event_id=${at[0]}`, lastEventId: at[4] });
    await byBoth.waitFor('the rest', (seen) => seen.length >= 1);
    await byAddress.waitFor('the rest', (seen) => seen.length >= 2);
    await byHeader.waitFor('the rest', (seen) => seen.length >= 3);
    expect([idsOf(byHeader), idsOf(byAddress), idsOf(byBoth)]).toEqual([events.slice(3).map(idOf), events.slice(4).map(idOf), events.slice(5).map(idOf)]);
  });

  it('a backlog of several pages arrives whole and joins what happens meanwhile', async () => {
    const start = await open();
    const from = start.lastEventId;
    start.close();
    const events = Array.from({ length: 1_234 }, mail);
    for (let at = 0; at < events.length; at += 100) await write(...events.slice(at, at + 100));
    const opening = open({ lastEventId: from });
    const late = Array.from({ length: 40 }, mail);
    for (const event of late) await write(event);
    const reader = await opening;
    await reader.waitFor('everything', (seen) => seen.length >= 1_274);
    expect(idsOf(reader)).toEqual([...events, ...late].map(idOf));
  });

  it('follows one run where asked to, and heartbeats move the client on over the events of others', async () => {
    const runId = newId();
    const reader = await open({ query: `?run_id=${runId}` });
    const begin = reader.lastEventId;
    const mine = [ofRun(runId), ofRun(runId)];
    await write(mail(), mine[0] as NewMaestroEvent, ofRun(newId()), mine[1] as NewMaestroEvent, mail());
    await reader.waitFor('its own', (seen) => seen.length >= 2);
    expect(idsOf(reader)).toEqual(mine.map(idOf));
    await until('a heartbeat behind the last event', () => reader.lastEventId !== begin && reader.lastEventId !== reader.events.at(-1)?.id);
    const after = await open({ query: `?run_id=${runId}`, lastEventId: reader.lastEventId });
    const next = ofRun(runId);
    await write(next);
    await after.waitFor('the next', (seen) => seen.length >= 1);
    expect(idsOf(after)).toEqual([idOf(next)]);
  });

  it('says that it is alive while nothing happens', async () => {
    const reader = await open();
    await until('two heartbeats', () => reader.comments.filter((comment) => comment.includes('heartbeat')).length >= 2);
    expect(reader.events).toEqual([]);
  });

  it.each(['nonsense', '1', '-1-2', '1-2-3', '99999999999999999999-1', "1-1' or true"])('the id %j is CURSOR_INVALID', async (id) => {
    const headers = { authorization: `Bearer ${api.tokenOf('viewer')}` };
    expect(await readError(await fetch(`${api.baseUrl}/api/events`, { headers: { ...headers, 'last-event-id': id } }))).toMatchObject({ status: 400, code: 'CURSOR_INVALID' });
    expect(await readError(await fetch(`${api.baseUrl}/api/events?last_event_id=${encodeURIComponent(id)}`, { headers }))).toMatchObject({ status: 400, code: 'CURSOR_INVALID' });
  });

  it('an id from a database that is no more begins at now instead of waiting for ever', async () => {
    const reader = await open({ lastEventId: '18446744073709551615-1' });
    const event = mail();
    await write(event);
    await reader.waitFor('the event', (seen) => seen.length >= 1);
    expect(idsOf(reader)).toEqual([idOf(event)]);
  });

  it('is not compressed or stored, and asks for sign-in like everything else', async () => {
    const message = await new Promise<IncomingMessage>((resolve) => httpGet(`${api.baseUrl}/api/events`, { headers: { authorization: `Bearer ${api.tokenOf('viewer')}`, 'accept-encoding': 'gzip, br' } }, resolve));
    expect(message.headers).toMatchObject({ 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store, no-transform' });
    expect(message.headers['content-encoding']).toBeUndefined();
    message.destroy();
    expect(await readError(await fetch(`${api.baseUrl}/api/events`))).toMatchObject({ status: 401 });
    expect(await readError(await api.request('GET', '/api/events', { as: 'viewer', query: '?run_id=x' }))).toMatchObject({ status: 422 });
  });

  it('ends when the token does', async () => {
    const { userId, sessionId } = await sessionOf(api);
    const token = await new SignJWT({ sid: sessionId }).setProtectedHeader({ alg: 'HS256' }).setSubject(userId).setIssuer('maestro').setAudience('maestro-api')
      .setIssuedAt().setExpirationTime('3s').sign(authOf(api.deps).accessKey);
    const reader = await readEvents(`${api.baseUrl}/api/events`, { authorization: `Bearer ${token}` });
    await until('the end of the stream', () => reader.hasEnded);
    expect(Date.now()).toBeGreaterThanOrEqual(JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64url').toString()).exp * 1000);
  });

  it('ends when the person is no longer allowed in', async () => {
    const other = await startApiServer({ eventTimings: { pollMs: 10, heartbeatMs: 100 } });
    try {
      const reader = await open({ on: other });
      await other.call('updateUser', { as: 'admin', params: { id: other.userIdOf('viewer') }, body: { is_disabled: true } });
      await until('the end of the stream', () => reader.hasEnded);
    } finally {
      await other.close();
    }
  });

  it('ends cleanly when the server stops, so that the client comes back at once', async () => {
    const other = await startApiServer({ eventTimings: { pollMs: 10 } });
    try {
      const closed = new Promise<boolean>((resolve) => {
        httpGet(`${other.baseUrl}/api/events`, { headers: { authorization: `Bearer ${other.tokenOf('viewer')}` } }, (message) => {
          message.resume();
          message.once('end', () => resolve(message.complete));
          message.once('data', () => other.stopping.abort());
        });
      });
      expect(await closed).toBe(true);
    } finally {
      await other.close();
    }
  });

  it('a client that does not read is cut off, and misses nothing when it comes back', async () => {
    const start = await open();
    const from = start.lastEventId;
    start.close();
    const clients = async (): Promise<number> => Number(/maestro_event_stream_clients (\d+)/.exec(await (await api.request('GET', '/metrics')).text())?.[1]);
    await until('nobody to be connected', async () => (await clients()) === 0);
    const stuck = connect(Number(new URL(api.baseUrl).port), '127.0.0.1');
    stuck.write(`GET /api/events HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${api.tokenOf('viewer')}\r\nlast-event-id: ${from}\r\n\r\n`);
    await until('the client that never reads to be connected', async () => (await clients()) === 1);
    const text = 'x'.repeat(200_000);
    const written: string[] = [];
    // The buffers of the machine take some megabytes before the server sees that nobody reads.
    while ((await clients()) === 1 && written.length < 1_000) {
      const stepId = newId();
      written.push(stepId);
      await write({ type: 'step-changed', run_id: null, data: { step_id: stepId, iteration: 1, kind: 'tool', status: 'running', tool_name: text, summary: null } });
    }
    expect(await clients()).toBe(0);
    stuck.destroy();
    const back = await open({ lastEventId: from });
    await back.waitFor('everything written', (seen) => seen.length >= written.length);
    expect(back.events.map((event) => (event.data as { step_id: string }).step_id)).toEqual(written);
  });
});

/** A session of the viewer as the records know it. */
async function sessionOf(server: ApiServer): Promise<{ userId: string; sessionId: string }> {
  const userId = server.userIdOf('viewer');
  const session = await server.deps.db.selectFrom('sessions').select('id').where('user_id', '=', userId).executeTakeFirstOrThrow();
  return { userId, sessionId: session.id };
}

describe('transactions that commit out of order', () => {
  it('no event is skipped or doubled over reconnects while many write at once', async ({ skip }) => {
    // One session stands behind all of PGlite's connections: nothing can commit out of order there.
    if (api.database.kind === 'pglite') skip();
    const clients = await Promise.all(Array.from({ length: 8 }, async () => {
      const client = new pg.Client({ connectionString: api.database.connectionString });
      await client.connect();
      return client;
    }));
    const written = new Set<string>();
    let isWriting = true;
    const begin = await open();
    let lastEventId = begin.lastEventId;
    begin.close();
    const insert = (client: pg.Client, id: string) => client.query(`insert into events (type, run_id, data) values ('mail-received', null, $1)`, [JSON.stringify({ outbox_id: id })]);

    // Each writer holds its transaction open over the commits of others, and some are rolled back.
    const writing = Promise.all(clients.map(async (client, writer) => {
      for (let round = 0; round < 60; round++) {
        await client.query('begin');
        const ids = [newId(), newId()];
        await insert(client, ids[0] as string);
        await client.query('select pg_sleep($1)', [((writer * 7 + round * 3) % 11) / 1_000]);
        await insert(client, ids[1] as string);
        const isKept = (writer + round) % 5 !== 0;
        await client.query(isKept ? 'commit' : 'rollback');
        if (isKept) for (const id of ids) written.add(id);
      }
    })).finally(() => {
      isWriting = false;
    });

    const seen: string[] = [];
    for (let connection = 0; isWriting || seen.length < written.size; connection++) {
      const reader = await open({ lastEventId });
      const enough = 1 + (connection * 13) % 70;
      await until('some events or the end', () => reader.events.length >= enough || (!isWriting && seen.length + reader.events.length >= written.size), { everyMs: 2 });
      reader.close();
      await until('the reader to stop', () => reader.hasEnded, { everyMs: 2 });
      seen.push(...idsOf(reader));
      lastEventId = reader.lastEventId;
    }
    await writing;
    expect(seen).toHaveLength(new Set(seen).size);
    expect(new Set(seen)).toEqual(written);
    await Promise.all(clients.map((client) => client.end()));
  });
});
