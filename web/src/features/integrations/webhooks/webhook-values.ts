import type { FieldIssue } from '@contracts/errors.ts';
import { type CreateWebhookBody, createWebhookBodySchema, type NoticeKind, noticeKinds, type UpdateWebhookBody, type Webhook } from '@contracts/notices.ts';

/** Those of all events that are among these, as the form holds them. */
export const toEventLines = (events: readonly string[]): string => noticeKinds.filter((kind) => events.includes(kind)).join('\n');
/** Whether the form has this event chosen. */
export const hasEvent = (lines: string, kind: NoticeKind): boolean => lines.split('\n').includes(kind);
/** The form's events with one more or one less. */
export const toggleEvent = (lines: string, kind: NoticeKind): string => toEventLines(hasEvent(lines, kind) ? lines.split('\n').filter((one) => one !== kind) : [...lines.split('\n'), kind]);

/** A webhook as its form holds it. */
export type WebhookValues = {
  name: string;
  url: string;
  /** One a line, in the order of all of them. */
  events: string;
  isEnabled: boolean;
};

export const emptyWebhookValues: WebhookValues = { name: '', url: '', events: toEventLines(noticeKinds), isEnabled: true };
export const toWebhookValues = ({ name, url, events, is_enabled: isEnabled }: Webhook): WebhookValues => ({ name, url, events: toEventLines(events), isEnabled });

/** The fields in the order of the form. */
export const webhookFields = ['name', 'url', 'events', 'isEnabled'] as const;
export const webhookLabels: Record<string, string> = { name: 'Name', url: 'Address', events: 'Events', isEnabled: 'Switched on' };

/** The field an issue of the api is about. */
export const toWebhookField = (path: string): string | undefined => (path === 'is_enabled' ? 'isEnabled' : webhookFields.find((field) => path === field || path.startsWith(`${field}.`)));

/** What each event is, in words. */
export const eventWords: Record<NoticeKind, { word: string; meaning: string }> = {
  requested: { word: 'Requested', meaning: 'A call waits for a person.' },
  changed: { word: 'Changed', meaning: 'An open request was edited, or waits longer.' },
  reminder: { word: 'Reminder', meaning: 'Nobody has decided for a while.' },
  escalated: { word: 'Escalated', meaning: 'More people may decide.' },
  settled: { word: 'Settled', meaning: 'Decided, expired or withdrawn.' },
};

/** What a delivery was about, in words. */
export const deliveryWord = (kind: string): string => (kind in eventWords ? eventWords[kind as NoticeKind].word : kind === 'test' ? 'Test' : kind);

/** The body that adds the webhook, or what is wrong with which field, each once and in the order of the form. */
export const toCreateBody = (values: WebhookValues): { body: CreateWebhookBody; issues: FieldIssue[] } => {
  const body: CreateWebhookBody = { name: values.name.trim(), url: values.url.trim(), events: noticeKinds.filter((kind) => hasEvent(values.events, kind)), is_enabled: values.isEnabled };
  const parsed = createWebhookBodySchema.safeParse(body);
  const issues = parsed.success ? [] : parsed.error.issues.map(({ path, message }): FieldIssue => {
    const field = toWebhookField(path.join('.')) ?? '';
    return { path: field, message: field === 'url' ? 'Write an address that begins with https:// or http://.' : message };
  });
  return { body, issues: webhookFields.flatMap((field) => issues.find(({ path }) => path === field) ?? []) };
};

/** What an edit changes, against the version that was opened; undefined when nothing. */
export const toUpdateBody = (values: WebhookValues, base: Webhook): UpdateWebhookBody | undefined => {
  const { body } = toCreateBody(values);
  const changes: Omit<UpdateWebhookBody, 'version'> = {
    ...(body.name === base.name ? {} : { name: body.name }),
    ...(body.url === base.url ? {} : { url: body.url }),
    ...(toEventLines(body.events ?? []) === toEventLines(base.events) ? {} : { events: body.events }),
    ...(body.is_enabled === base.is_enabled ? {} : { is_enabled: body.is_enabled }),
  };
  return Object.keys(changes).length === 0 ? undefined : { ...changes, version: base.version };
};
