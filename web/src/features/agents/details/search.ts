import { idSchema } from '@contracts/ids.ts';
import { memoryKindSchema } from '@contracts/memory.ts';
import { z } from 'zod';
import { agentTabs } from './tabs.ts';

/** What the address of an agent's page may hold. */
export const agentSearchShape = {
  tab: z.enum(agentTabs),
  /** The dialog for a new run is open. */
  run: z.boolean(),
  /** The form that changes the agent is open. */
  edit: z.boolean(),
  /** Memory: words to search by, kind, run it came from, the one that is open. */
  query: z.coerce.string().max(2000),
  kind: memoryKindSchema,
  source: idSchema,
  memory: idSchema,
  /** Versions: the two that are compared. */
  from: z.number().int().positive(),
  to: z.number().int().positive(),
};

export type AgentSearch = { [Key in keyof typeof agentSearchShape]?: z.output<(typeof agentSearchShape)[Key]> | undefined };
export type OnAgentSearch = (changes: AgentSearch, options?: { replace?: boolean }) => void;
