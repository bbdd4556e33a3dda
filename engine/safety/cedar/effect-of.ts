import type { PolicyEffect } from '../../../contracts/approvals.ts';
import type { Statement } from './compile-policy.ts';

type Effect = { effect: Statement['effect']; scope: Pick<Statement['scope'], 'actions'> };

/** What one statement brings about by itself. */
const effectOfOne = ({ effect, scope: { actions } }: Effect): PolicyEffect => {
  if (effect === 'forbid') return actions.use ? 'deny' : 'ask';
  return actions.use_unattended ? 'allow' : 'ask';
};

/** Every effect that statements bring about, each by itself, except that what may be used is often permitted and forbidden unattended: that asks. */
export function effectsOf(statements: readonly Effect[]): PolicyEffect[] {
  return [...new Set(statements.map(effectOfOne))];
}

/** The higher, the less goes through. */
export const strictness: Record<PolicyEffect, number> = { allow: 0, ask: 1, deny: 2 };

/** The strictest of what the statements bring about. */
export const effectOf = (statements: readonly Effect[]): PolicyEffect => effectsOf(statements).toSorted((a, b) => strictness[b] - strictness[a])[0] ?? 'deny';
