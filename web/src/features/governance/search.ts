import { backTestOutcomeSchema } from '@contracts/back-tests.ts';
import { idSchema } from '@contracts/ids.ts';
import { timestampSchema } from '@contracts/pagination.ts';
import { policyIdSchema, policyStateSchema } from '@contracts/policies.ts';
import { toolNameSchema } from '@contracts/tools.ts';
import { z } from 'zod';

export const policySorts = ['name', 'matches', 'changed'] as const;

/** What the address of the governance page may say; what is absent is its default. */
export const governanceSearchShape = {
  tab: z.enum(['try', 'backtest', 'history', 'audit']),
  /** Words in the name, description or scope of a policy. */
  text: z.coerce.string().max(200),
  effect: z.enum(['deny', 'ask', 'allow', 'mixed']),
  state: policyStateSchema,
  sort: z.enum(policySorts),
  direction: z.enum(['asc', 'desc']),
  /** Whose call is tried. */
  agent: idSchema,
  tool: toolNameSchema,
  /** The policy whose draft is to be back-tested; on the list of policies it leads to that policy. */
  policy: policyIdSchema,
  /** The back-test that is open. */
  back_test: idSchema,
  /** Which of its decisions are listed. */
  outcome: backTestOutcomeSchema.exclude(['unchanged']),
  /** Action of the audit log, as written (`approval.approve`), or all of a kind (`approval.*`). */
  action: z.coerce.string().max(100),
  /** Id of an object of the audit log. */
  object: z.coerce.string().max(200),
  /** Who did it: the id of a user. */
  actor: idSchema,
  /** When it was done. */
  from: timestampSchema,
  to: timestampSchema,
  /** An open entry, by its number. */
  entry: z.coerce.number().int().positive(),
};
type Shape = typeof governanceSearchShape;
export type GovernanceSearch = { [Key in keyof Shape]?: z.output<Shape[Key]> | undefined };
export type OnGovernanceSearch = (changes: GovernanceSearch) => void;

/** What the address of a policy's page may say. */
export const policySearchShape = {
  view: z.enum(['try', 'versions']),
  /** For a new policy: the one whose scope it begins with. */
  overrides: policyIdSchema,
  /** The version that is shown. */
  version: z.coerce.number().int().positive(),
  agent: idSchema,
  tool: toolNameSchema,
};
export type PolicySearch = { [Key in keyof typeof policySearchShape]?: z.output<(typeof policySearchShape)[Key]> | undefined };
export type OnPolicySearch = (changes: PolicySearch) => void;

/** The filters of the audit log as the api takes them. */
export const toAuditQuery = ({ action, object, actor, from, to }: GovernanceSearch) => ({
  ...(action === undefined ? {} : { action }),
  ...(object === undefined ? {} : { object_id: object }),
  ...(actor === undefined ? {} : { actor_id: actor }),
  ...(from === undefined ? {} : { from }),
  ...(to === undefined ? {} : { to }),
});
