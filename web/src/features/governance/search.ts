import { backTestOutcomeSchema } from '@contracts/back-tests.ts';
import { timestampSchema } from '@contracts/pagination.ts';
import { policyIdSchema } from '@contracts/policies.ts';
import { z } from 'zod';

/** What the address of the governance page may say; what is absent is its default. */
export const governanceSearchShape = {
  tab: z.enum(['backtest', 'audit']),
  /** The policy that is open, or whose draft is to be back-tested. */
  policy: policyIdSchema,
  /** The back-test that is open. */
  back_test: z.uuid(),
  /** Which of its decisions are listed. */
  outcome: backTestOutcomeSchema.exclude(['unchanged']),
  /** Action of the audit log, as written (`approval.approve`), or all of a kind (`approval.*`). */
  action: z.coerce.string().max(100),
  /** Id of an object of the audit log. */
  object: z.coerce.string().max(200),
  /** Who did it: the id of a user. */
  actor: z.uuid(),
  /** When it was done. */
  from: timestampSchema,
  to: timestampSchema,
  /** An open entry, by its number. */
  entry: z.coerce.number().int().positive(),
};
type Shape = typeof governanceSearchShape;
export type GovernanceSearch = { [Key in keyof Shape]?: z.output<Shape[Key]> | undefined };
export type OnGovernanceSearch = (changes: GovernanceSearch) => void;

/** The filters of the audit log as the api takes them. */
export const toAuditQuery = ({ action, object, actor, from, to }: GovernanceSearch) => ({
  ...(action === undefined ? {} : { action }),
  ...(object === undefined ? {} : { object_id: object }),
  ...(actor === undefined ? {} : { actor_id: actor }),
  ...(from === undefined ? {} : { from }),
  ...(to === undefined ? {} : { to }),
});
