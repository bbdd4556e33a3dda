import { z } from 'zod';

/** What the address of the governance page may say; what is absent is its default. */
export const governanceSearchShape = {
  tab: z.enum(['audit']),
  /** Action of the audit log, as written: `approval.approve`. */
  action: z.coerce.string().max(100),
  /** Id of an object of the audit log. */
  object: z.coerce.string().max(200),
  /** An open entry, by its number. */
  entry: z.coerce.number().int().positive(),
};
type Shape = typeof governanceSearchShape;
export type GovernanceSearch = { [Key in keyof Shape]?: z.output<Shape[Key]> | undefined };
export type OnGovernanceSearch = (changes: GovernanceSearch) => void;

export const toAuditQuery = ({ action, object }: GovernanceSearch) => ({
  ...(action === undefined ? {} : { action }),
  ...(object === undefined ? {} : { object_id: object }),
});
