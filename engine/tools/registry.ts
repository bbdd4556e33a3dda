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
  /** What an admin has to set or look at; null when there is nothing. */
  configuration_hint: string | null;
  is_enabled: boolean;
  mcp_server: string | null;
  parameters: ModelTool['parameters'];
}

/** How an admin set a tool up. */
export interface ToolSetup {
  isEnabled: boolean;
  /** Milliseconds one attempt may take. */
  timeoutMs: number;
  /** Calls at once and calls a minute, over all workers; null: as many as come. */
  maxConcurrent: number | null;
  callsPerMinute: number | null;
}

type ParsedArguments = { ok: true; args: unknown } | { ok: false; message: string };

/** The tools of this system, by name, as they were set up at one moment. */
export interface ToolRegistry {
  list(): readonly Tool[];
  /** A tool that may be used now; undefined also for one that is switched off or held. */
  find(name: string): Tool | undefined;
  /** Any tool of that name. Throws TOOL_UNKNOWN. */
  get(name: string): Tool;
  has(name: string): boolean;
  /** Throws TOOL_UNKNOWN. */
  setupOf(name: string): ToolSetup;
  /** Why a tool cannot be used now, in a sentence; undefined when it can. */
  refusalOf(name: string): string | undefined;
  /** Checks arguments against the tool's schema; `message` tells the model every field that does not fit. Throws TOOL_UNKNOWN. */
  parseArguments(name: string, args: unknown): ParsedArguments;
  /** Names of the tools an agent with these may call: those that can be used now, and what is offered beside them. */
  namesOffered(given: readonly string[]): string[];
  /** The tools of {@link namesOffered} as a model is shown them, in the order of the registry. */
  toModelTools(given: readonly string[]): ModelTool[];
  /** The tools an agent can be given. */
  describe(): ToolEntry[];
}

/** JSON Schema of a tool's arguments as they are sent. `$schema` is left out: some model servers refuse keywords they do not know. */
const toParameters = (tool: Tool): ModelTool['parameters'] => {
  const { $schema: _dialect, ...parameters } = tool.parameters ?? z.toJSONSchema(tool.argumentsSchema, { io: 'input' });
  return parameters as ModelTool['parameters'];
};

const maxIssues = 10;
const toMessage = (error: z.ZodError): string => {
  const issues = error.issues.slice(0, maxIssues).map((issue) => `${issue.path.length === 0 ? '' : `${issue.path.join('.')}: `}${issue.message}`);
  return `The arguments do not fit the tool's schema. ${issues.join('; ')}${error.issues.length > maxIssues ? '; …' : ''}`;
};

/** Makes a registry of these tools. Throws INTERNAL when two have the same name. */
export function createToolRegistry(tools: readonly Tool[], setups: ReadonlyMap<string, Partial<ToolSetup>> = new Map()): ToolRegistry {
  const entries = new Map<string, { tool: Tool; setup: ToolSetup; parameters(): ModelTool['parameters'] }>();
  for (const tool of tools) {
    if (entries.has(tool.name)) throw new AppError('INTERNAL', `two tools are named ${tool.name}`);
    const setup: ToolSetup = { isEnabled: true, timeoutMs: tool.timeoutMs, maxConcurrent: null, callsPerMinute: null, ...setups.get(tool.name) };
    // Made when first wanted: most registries judge or execute a call and show nothing.
    let parameters: ModelTool['parameters'] | undefined;
    entries.set(tool.name, { tool, setup, parameters: () => (parameters ??= toParameters(tool)) });
  }
  const all = [...entries.values()];
  const entryOf = (name: string) => {
    const entry = entries.get(name);
    if (entry === undefined) throw new AppError('TOOL_UNKNOWN', `There is no tool "${name.slice(0, 100)}".`);
    return entry;
  };
  const refusalOf = (name: string): string | undefined => {
    const entry = entries.get(name);
    if (entry === undefined) return `There is no tool "${name.slice(0, 100)}" on this system any more.`;
    if (!entry.setup.isEnabled) return `An admin switched the tool ${name} off.`;
    return entry.tool.heldReason;
  };
  const isOffered = ({ tool }: { tool: Tool }, given: readonly string[]): boolean => {
    if (refusalOf(tool.name) !== undefined) return false;
    if (tool.offeredWith === undefined) return given.includes(tool.name);
    return given.some((name) => tool.offeredWith === 'any' || tool.offeredWith?.includes(name) === true);
  };
  return {
    list: () => all.map(({ tool }) => tool),
    find: (name) => (refusalOf(name) === undefined ? entries.get(name)?.tool : undefined),
    get: (name) => entryOf(name).tool,
    has: (name) => entries.has(name),
    setupOf: (name) => entryOf(name).setup,
    refusalOf,
    parseArguments(name, args) {
      const parsed = entryOf(name).tool.argumentsSchema.safeParse(args);
      return parsed.success ? { ok: true, args: parsed.data } : { ok: false, message: toMessage(parsed.error) };
    },
    namesOffered: (given) => all.filter((entry) => isOffered(entry, given)).map(({ tool }) => tool.name),
    toModelTools: (given) =>
      all.filter((entry) => isOffered(entry, given)).map(({ tool, parameters }) => ({ name: tool.name, description: tool.description, parameters: parameters() })),
    describe: () =>
      all.filter(({ tool }) => tool.offeredWith === undefined).map(({ tool, parameters }) => ({
        name: tool.name,
        description: tool.description,
        default_risk: tool.defaultRisk,
        effect: tool.defaultEffect,
        is_configured: tool.missingConfiguration === null,
        configuration_hint: refusalOf(tool.name) ?? tool.missingConfiguration,
        is_enabled: refusalOf(tool.name) === undefined,
        mcp_server: tool.mcpServer ?? null,
        parameters: parameters(),
      })),
  };
}
