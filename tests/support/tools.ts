import { z } from 'zod';
import type { Secrets } from '../../engine/secrets/index.ts';
import { createToolRegistry, type Tool, type ToolCatalogue } from '../../engine/tools/index.ts';

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
