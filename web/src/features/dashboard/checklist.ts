import type { Agent, ModelProvider } from '@contracts/agents.ts';
import type { User } from '@contracts/auth.ts';
import type { LinkProps } from '@tanstack/react-router';

export interface ChecklistItem {
  label: string;
  link: Pick<LinkProps, 'to' | 'search' | 'hash'>;
  isDone: boolean;
}

/** What is worth doing after the demo. People are known to admins alone, so that only they are told to invite one. */
export const checklistOf = ({
  agents,
  models,
  users,
  hasSeenPolicies,
}: {
  agents: readonly Pick<Agent, 'is_demo'>[];
  models: readonly Pick<ModelProvider, 'is_configured' | 'is_scripted'>[];
  users: readonly Pick<User, 'role' | 'is_disabled'>[] | undefined;
  hasSeenPolicies: boolean;
}): ChecklistItem[] => [
  { label: 'Connect a model', link: { to: '/integrations', search: { tab: 'models' } }, isDone: models.some((provider) => provider.is_configured && !provider.is_scripted) },
  { label: 'Create your agent', link: { to: '/agents', search: { create: true } }, isDone: agents.some((agent) => !agent.is_demo) },
  { label: 'Review the policies', link: { to: '/governance' }, isDone: hasSeenPolicies },
  ...(users === undefined ? [] : [{ label: 'Invite an approver', link: { to: '/settings', hash: 'users' }, isDone: users.some((user) => user.role === 'approver' && !user.is_disabled) } as const]),
];
