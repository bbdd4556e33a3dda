import type { Config } from '../../platform/config.ts';
import { createExecutePythonTool, type PythonSandbox } from './execute-python/index.ts';
import { createToolRegistry, type ToolRegistry } from './registry.ts';

export interface AgentToolsOptions {
  tools: Config['tools'];
  mail: Config['mail'];
  sandbox: PythonSandbox;
  /** Whether a message with this id was delivered, where somebody can tell (the built-in outbox can); undefined: nobody knows. */
  findDelivered?: (messageId: string) => Promise<boolean | undefined>;
}

/** The tools an agent can be given. Nothing is opened before a tool is used. */
export const createAgentTools = ({ sandbox }: AgentToolsOptions): ToolRegistry =>
  createToolRegistry([createExecutePythonTool(sandbox)]);
