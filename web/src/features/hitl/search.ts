import { approvalStatusSchema } from '@contracts/approvals.ts';
import { idSchema } from '@contracts/ids.ts';
import { riskLevelSchema, toolNameSchema } from '@contracts/tools.ts';
import { z } from 'zod';

/** What the address of the approvals page may say; what is absent is its default. */
export const approvalsSearchShape = {
  tab: z.enum(['history', 'notifications']),
  tool: toolNameSchema,
  risk: riskLevelSchema,
  agent: idSchema,
  /** Only what concerns the reader. */
  mine: z.boolean(),
  /** How it ended; for the history. */
  outcome: approvalStatusSchema.exclude(['pending']),
};
type Shape = typeof approvalsSearchShape;
export type ApprovalsSearch = { [Key in keyof Shape]?: z.output<Shape[Key]> | undefined };
export type OnApprovalsSearch = (changes: ApprovalsSearch) => void;

/** The filters as the api takes them. */
export const toApprovalsQuery = ({ tool, risk, agent, mine }: ApprovalsSearch) => ({
  ...(tool === undefined ? {} : { tool_name: tool }),
  ...(risk === undefined ? {} : { risk_level: risk }),
  ...(agent === undefined ? {} : { agent_id: agent }),
  ...(mine === true ? { mine: 'true' as const } : {}),
});

const names = { tool: 'tool', risk: 'risk', agent: 'agent', mine: 'what concerns you', outcome: 'outcome' } as const;

/** Which filters are set, in words, for "nothing matches …". */
export const filterWords = (search: ApprovalsSearch): string[] =>
  (Object.keys(names) as (keyof typeof names)[]).filter((key) => search[key] !== undefined && search[key] !== false).map((key) => names[key]);

export const clearedFilters: ApprovalsSearch = { tool: undefined, risk: undefined, agent: undefined, mine: undefined, outcome: undefined };
