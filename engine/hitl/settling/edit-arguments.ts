import { AppError } from '../../../contracts/errors.ts';
import type { ApprovalRequestRow } from '../../../db/repositories/approvals.repository.ts';
import { type JudgeDeps, judgeCall, type Judgement } from '../../safety/index.ts';
import { changedFields } from './hold-request.ts';
import { termsOf } from '../rules/terms.ts';

/** Refuses an edit. Throws APPROVAL_EDIT_INVALID. */
export const refuseEdit = (message: string, issue = message, path = 'edited_arguments'): never => {
  throw new AppError('APPROVAL_EDIT_INVALID', message, { details: { issues: [{ path, message: issue }] } });
};

/** The policies whose terms an approval has, in words. */
const policyNames = ({ matched_rules: rules }: ApprovalRequestRow): string => rules.map((rule) => rule.name ?? rule.id).join(', ');

/**
 * What the policies say of edited arguments. Throws APPROVAL_EDIT_INVALID for arguments the terms do not let anybody edit, that do not
 * fit the tool, or that the policies deny.
 */
export function judgeEdit(deps: JudgeDeps, request: ApprovalRequestRow, edited: Record<string, unknown>): Judgement {
  const { editable_fields: editable } = termsOf(request);
  const fixed = editable === null ? [] : changedFields(request.arguments, edited).filter((name) => !editable.includes(name));
  if (fixed.length > 0) {
    const allowed = editable?.length === 0 ? 'nothing of it may be edited' : `only ${editable?.join(', ')} may be edited`;
    return refuseEdit(`The policy ${policyNames(request)} does not let you edit ${fixed.join(', ')}: ${allowed}.`, `May not be edited, says the policy ${policyNames(request)}.`, `edited_arguments.${fixed[0]}`);
  }
  const judgement = judgeCall(deps, request.tool_name, edited);
  if (judgement.misfit !== undefined) return refuseEdit(judgement.misfit);
  if (judgement.verdict === 'deny') return refuseEdit(`The policy refuses the edited call. ${judgement.reason}`, judgement.reason);
  return judgement;
}
