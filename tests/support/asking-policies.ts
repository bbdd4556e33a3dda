import type { Person } from './api.ts';

/** A condition of policies on mail: its subject holds this word. */
export const aboutSubject = (word: string): string => ` when { context.arguments.hasTag("subject") && context.arguments.getTag("subject") like "*${word}*" }`;

/** A policy that asks about a tool under these terms, live. */
export async function publishAsking(admin: Person, { name, tool, terms, when = '' }: { name: string; tool: string; terms: Record<string, string>; when?: string }): Promise<void> {
  const annotations = Object.entries({ reason: `${name}.`, ...terms }).map(([key, value]) => `@${key}("${value}")`).join('\n');
  const cedar = ['permit', 'forbid'].map((effect) => `${annotations}\n${effect}(principal, action == Action::"${effect === 'permit' ? 'use' : 'use_unattended'}", resource == Tool::"${tool}")${when};`).join('\n');
  const draft = await admin.api.call('createPolicy', { body: { name, cedar } });
  await admin.api.call('publishPolicy', { params: { id: draft.id }, body: { revision: draft.revision, note: 'For the test.', reason_without_back_test: 'A test.', accepts_warnings: true } });
}
