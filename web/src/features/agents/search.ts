import { idSchema } from '@contracts/ids.ts';
import { runPhases } from '@contracts/runs.ts';
import { toolNameSchema } from '@contracts/tools.ts';
import { z } from 'zod';

export const agentSorts = ['name', 'runs', 'success', 'cost', 'waiting'] as const;

/** What the address of the agents page may hold. */
export const agentsSearchShape = {
  text: z.coerce.string().max(200),
  model: z.coerce.string().max(200),
  tool: toolNameSchema,
  /** Phase of the last run. */
  state: z.enum(runPhases),
  /** The form for a new agent is open. */
  create: z.boolean(),
  /** An agent whose run dialog is open. */
  run: idSchema,
  sort: z.enum(agentSorts),
  direction: z.enum(['asc', 'desc']),
};

export type AgentsSearch = { [Key in keyof typeof agentsSearchShape]?: z.output<(typeof agentsSearchShape)[Key]> | undefined };
export type OnAgentsSearch = (changes: AgentsSearch, options?: { replace?: boolean }) => void;
