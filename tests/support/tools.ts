import { z } from 'zod';
import { AppError } from '../../contracts/errors.ts';
import type { Secrets } from '../../engine/secrets/index.ts';
import { createToolRegistry, type DataSourceAccess, type Tool, type ToolCatalogue } from '../../engine/tools/index.ts';
import type { ToolCallContext } from '../../engine/tools/tool.ts';

/** A catalogue of just these tools, that nobody changes. */
export const catalogueOf = (tools: readonly Tool[]): ToolCatalogue => {
  const registry = createToolRegistry(tools);
  return { current: () => Promise.resolve(registry), forget: () => undefined };
};

/** A system that keeps no secret. */
export const noSecrets: Secrets = { revealFor: (text) => Promise.resolve(text), reveal: (text) => Promise.resolve(text), mask: (value) => Promise.resolve(value) };

/** A tool by name that takes anything and is never executed. */
export const idleTool = (name: string): Tool => ({
  name, description: 'Does nothing.', argumentsSchema: z.looseObject({}), defaultRisk: 'LOW', risk: () => 'LOW', defaultEffect: 'none', effect: () => 'none',
  missingConfiguration: null, timeoutMs: 1_000, facts: () => ({}), effectSentence: () => 'Do nothing',
  execute: () => Promise.reject(new Error('an idle tool was executed')),
});

const notThere = (what: string) => (id: string): Promise<never> => Promise.reject(new AppError('TOOL_INPUT_INVALID', `This run has no ${what} "${id}".`));

/** What an attempt of a call knows about itself, on its own: nothing is recorded, nothing claimed, there is no earlier result and no file. */
export const callContext = (given: Partial<ToolCallContext> = {}): ToolCallContext => ({
  runId: 'run', toolCallId: 'call', idempotencyKey: 'run:1.0', signal: new AbortController().signal, confirmClaim: () => Promise.resolve(),
  readResult: notThere('result of a tool call'), readFile: notThere('file'), revealSecrets: (text) => Promise.resolve(text), reportProgress: () => undefined,
  ...given,
});

/** The AppError some work ends with. */
export async function failureOf(work: Promise<unknown>): Promise<AppError> {
  const error: unknown = await work.then((value) => new Error(`no failure but ${String(JSON.stringify(value)).slice(0, 500)}`), (thrown: unknown) => thrown);
  if (error instanceof AppError) return error;
  throw error;
}

/** A data source as the configuration would give it. */
export const dataSourceOf = (name: string, connectionString: string, given: Partial<DataSourceAccess> = {}): DataSourceAccess =>
  ({ name, connectionString, description: '', readableTables: null, privateColumns: [], maxRows: 1_000, statementTimeoutMs: 30_000, problem: null, ...given });
