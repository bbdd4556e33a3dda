import type { NoticeRow } from '../../../db/repositories/notices.repository.ts';

/** What goes out as one: a request of a webhook, or a mail about one or many approvals. */
export interface Message {
  /** Stays the same over all attempts, so that the other side can tell repeats. */
  batchId: string;
  notices: NoticeRow[];
}

export interface Plan {
  messages: Message[];
  postponed: { ids: string[]; until: Date }[];
}

/** More mails than this to one person within the span become one. */
const mailsAtOnce = 3;
export const groupSpanMs = 60_000;

/** What one person got within the span already. */
export interface RecentMails {
  mails: number;
  lastAt: Date;
}

/** The first few mails to a person go at once; what would be more within a minute waits for its end, and then goes as one when it is many. */
function planMails(notices: NoticeRow[], recent: RecentMails | undefined): Plan {
  const fitsSpan = (recent?.mails ?? 0) + notices.length <= mailsAtOnce;
  if (recent !== undefined && !fitsSpan) return { messages: [], postponed: [{ ids: notices.map(({ id }) => id), until: new Date(recent.lastAt.getTime() + groupSpanMs) }] };
  return { postponed: [], messages: fitsSpan ? notices.map((notice) => ({ batchId: notice.id, notices: [notice] })) : [{ batchId: (notices[0] as NoticeRow).id, notices }] };
}

/**
 * Turns notices that are due into messages. One that somebody may have got already goes out again as it was. A person who got mail within
 * {@link groupSpanMs} gets no more than a few in it: see {@link planMails}.
 */
export function planMessages(due: readonly NoticeRow[], recentOf: ReadonlyMap<string, RecentMails>): Plan {
  const batches = Map.groupBy(due.filter((notice) => notice.batch_id !== null), (notice) => notice.batch_id as string);
  const again = [...batches].map(([batchId, notices]): Message => ({ batchId, notices }));
  const fresh = due.filter((notice) => notice.batch_id === null);
  const posts = fresh.filter(({ channel }) => channel === 'webhook').map((notice): Message => ({ batchId: notice.id, notices: [notice] }));
  const mailsOf = Map.groupBy(fresh.filter(({ channel }) => channel === 'email'), (notice) => notice.user_id as string);
  const mails = [...mailsOf].map(([userId, notices]) => planMails(notices, recentOf.get(userId)));
  return { messages: [...again, ...posts, ...mails.flatMap(({ messages }) => messages)], postponed: mails.flatMap(({ postponed }) => postponed) };
}
