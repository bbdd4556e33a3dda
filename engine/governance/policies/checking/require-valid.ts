import { AppError } from '../../../../contracts/errors.ts';
import type { CheckedPolicy } from '../../../../contracts/policies.ts';

/** Refuses a text that has errors. Throws POLICY_INVALID with `details.issues`. */
export function requireValid({ is_valid: isValid, issues }: Pick<CheckedPolicy, 'is_valid' | 'issues'>): void {
  if (!isValid) throw new AppError('POLICY_INVALID', undefined, { details: { issues } });
}
