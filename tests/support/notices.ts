import { randomUUID } from 'node:crypto';
import type { NoticeKind, NoticePreferences } from '../../contracts/notices.ts';
import { listDeciderIds } from '../../engine/hitl/index.ts';
import { createWebhook, type Decider, deliverNotices, type NoticeDeps, queueNotices, setNoticePreferences } from '../../engine/notices/index.ts';
import { createUser } from '../../engine/people/index.ts';
import { createSecretBox } from '../../platform/secret-box.ts';
import { addApprovalRequest } from './approval-requests.ts';
import { createTestDatabase } from './database.ts';
import { startMailServer } from './mail-server.ts';
import { noSecrets } from './tools.ts';
import { startWebhookReceiver } from './webhook-receiver.ts';

const start = new Date('2026-11-29T12:00:00Z');
export const admin = { userId: null, name: 'Maestro' };

/** Notices over a database, a mail server and a webhook of their own, by a clock that stands still until it is moved. */
export async function createNoticeWorld() {
  const [database, mail, receiver] = await Promise.all([createTestDatabase(), startMailServer(), startWebhookReceiver()]);
  const { db } = database;
  let clock = start;
  const deps: NoticeDeps = {
    db, secretBox: createSecretBox('0'.repeat(64)), secrets: noSecrets, listDeciderIds, now: () => clock,
    config: { http: { host: '127.0.0.1', port: 8000, publicUrl: 'https://maestro.example.com/' }, mail: { smtpUrl: mail.url, from: 'Maestro <maestro@example.com>' }, tools: { httpAllowHosts: ['127.0.0.1'] } },
  };
  return {
    db, mail, receiver, deps, start,
    now: () => clock,
    setClock(at: Date): void {
      clock = at;
    },
    later(ms: number): void {
      clock = new Date(clock.getTime() + ms);
    },
    /** As it was at first. */
    async reset(): Promise<void> {
      clock = start;
      mail.received.length = 0;
      receiver.received.length = 0;
      receiver.answers.length = 0;
      await db.deleteFrom('notices').execute();
      await db.deleteFrom('webhooks').execute();
    },
    async close(): Promise<void> {
      await Promise.all([mail.close(), receiver.close()]);
      await database.close();
    },
    /** Somebody who may decide, with an address of their own. */
    async person({ isConcerned = true, preferences, mailbox = 'ana' }: { isConcerned?: boolean; preferences?: NoticePreferences; mailbox?: string } = {}): Promise<Decider & { email: string }> {
      const email = `${mailbox}@${randomUUID()}.example.com`;
      const { id } = await createUser(deps, { body: { email, name: 'Ana', role: 'approver', password: 'correct horse battery' }, actor: admin });
      if (preferences !== undefined) await setNoticePreferences(deps, { userId: id, preferences });
      return { userId: id, isConcerned, email };
    },
    /** Something happened to a request, new unless given; returns its id. */
    async tell(deciders: readonly Decider[], { kind = 'requested' as NoticeKind, requestId, ...request }: { kind?: NoticeKind; requestId?: string } & Parameters<typeof addApprovalRequest>[1] = {}): Promise<string> {
      const id = requestId ?? (await addApprovalRequest(db, request));
      await db.transaction().execute((trx) => queueNotices(trx, { kind, requestId: id, riskLevel: request.riskLevel ?? 'HIGH', deciders }, { now: clock }));
      return id;
    },
    deliver: () => deliverNotices(deps),
    hook: (given: { events?: NoticeKind[]; url?: string } = {}) => createWebhook(deps, { body: { name: 'Chat', url: receiver.url, events: ['requested', 'changed', 'reminder', 'escalated', 'settled'], is_enabled: true, ...given }, actor: admin }),
    settle: (id: string) => db.updateTable('hitl_requests').set({ status: 'approved', settled_at: new Date() }).where('id', '=', id).execute(),
    rows: () => db.selectFrom('notices').select(['channel', 'kind', 'state', 'attempts', 'detail', 'not_before']).orderBy('created_at').orderBy('id').execute(),
    header: (n: number, name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'mi').exec(mail.received[n]?.raw.toString() ?? '')?.[1]?.trim(),
  };
}
