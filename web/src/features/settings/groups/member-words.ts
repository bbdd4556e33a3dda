import type { User } from '@contracts/auth.ts';
import { isAllowed } from '@contracts/permissions.ts';

/** Why the approval of a member does not count; undefined where it does. */
export const whyNotCounted = ({ role, is_disabled: isDisabled }: Pick<User, 'role' | 'is_disabled'>): string | undefined =>
  isDisabled ? 'disabled, does not count' : isAllowed(role, 'approvals:decide') ? undefined : `${role}, may not decide`;
