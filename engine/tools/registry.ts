import { z } from 'zod';
import { AppError } from '../../contracts/errors.ts';
import type { RiskLevel, ToolEffect, ToolName } from '../../contracts/tools.ts';
import type { ModelTool } from '../llm/language-model.ts';
import type { Tool } from './tool.ts';

/** A tool as people see it in the catalogue. */
interface ToolEntry {
  name: ToolName;
  description: string;
  default_risk: RiskLevel;
  effect: ToolEffect;
  is_configured: boolean;
  /** What an admin has to set; null when it is configured. */
  configuration_hint: string | null;
  parameters: ModelTool['parameters'];
}

type ParsedArguments = { ok: true; args: unknown } | { ok: false; message: string };

/** The tools of this system, by name. */
export interface ToolRegistry {
  list(): readonly Tool[];
  find(name: string): Tool | undefined;
  /** Throws TOOL_UNKNOWN. */
  get(name: string): Tool;
  /** Checks arguments against the tool's schema; `message` tells the model every field that does not fit. Throws TOOL_UNKNOWN. */
  parseArguments(name: string, args: unknown): ParsedArguments;
  /** The named tools as a model is shown them, in the order of the registry; unknown names are left out. */
  toModelTools(names: readonly string[]): ModelTool[];
  describe(): ToolEntry[];
}

/** JSON Schema of a tool's arguments as they are sent. `$schema` is left out: some model servers refuse keywords they do not know. */
const toParameters = (tool: Tool): ModelTool['parameters'] => {
  const { $schema: _dialect, ...parameters } = z.toJSONSchema(tool.argumentsSchema, { io: 'input' });
  return parameters as ModelTool['parameters'];
};

const maxIssues = 10;
const toMessage = (error: z.ZodError): string => {
  const issues = error.issues.slice(0, maxIssues).map((issue) => `${issue.path.length === 0 ? '' : `${issue.path.join('.')}: `}${issue.message}`);
  return `The arguments do not fit the tool's schema. ${issues.join('; ')}${error.issues.length > maxIssues ? '; …' : ''}`;
};

/** Makes a registry of these tools. Throws INTERNAL when two have the same name. */
export function createToolRegistry(tools: readonly Tool[]): ToolRegistry {
  const entries = new Map<string, { tool: Tool; parameters: ModelTool['parameters'] }>();
  for (const tool of tools) {
    if (entries.has(tool.name)) throw new AppError('INTERNAL', `two tools are named ${tool.name}`);
    entries.set(tool.name, { tool, parameters: toParameters(tool) });
  }
  const all = [...entries.values()];
  const get = (name: string): Tool => {
    const entry = entries.get(name);
    if (entry === undefined) throw new AppError('TOOL_UNKNOWN', `There is no tool "${name.slice(0, 100)}".`);
    return entry.tool;
  };
  return {
    list: () => all.map(({ tool }) => tool),
    find: (name) => entries.get(name)?.tool,
    get,
    parseArguments(name, args) {
      const parsed = get(name).argumentsSchema.safeParse(args);
      return parsed.success ? { ok: true, args: parsed.data } : { ok: false, message: toMessage(parsed.error) };
    },
    toModelTools: (names) =>
      all.filter(({ tool }) => names.includes(tool.name)).map(({ tool, parameters }) => ({ name: tool.name, description: tool.description, parameters })),
    describe: () =>
      all.map(({ tool, parameters }) => ({
        name: tool.name,
        description: tool.description,
        default_risk: tool.defaultRisk,
        effect: tool.defaultEffect,
        is_configured: tool.missingConfiguration === null,
        configuration_hint: tool.missingConfiguration,
        parameters,
      })),
  };
}
