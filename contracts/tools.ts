import { z } from 'zod';

/** Risk of one tool call, lowest first. The order is meaningful: see {@link isRiskAtLeast}. */
export const riskLevels = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const;
export const riskLevelSchema = z.enum(riskLevels);
export type RiskLevel = z.infer<typeof riskLevelSchema>;

/** Whether `risk` is `floor` or higher. */
export const isRiskAtLeast = (risk: RiskLevel, floor: RiskLevel): boolean => riskLevels.indexOf(risk) >= riskLevels.indexOf(floor);

/**
 * What a call does to the world: `none` reads only; `idempotent` may be sent again under the same key;
 * `external` must never be sent twice and is claimed in the tool call's row before it acts.
 */
export const toolEffectSchema = z.enum(['none', 'idempotent', 'external']);
export type ToolEffect = z.infer<typeof toolEffectSchema>;

export const toolNames = ['web_search', 'http_request', 'run_sql', 'send_email', 'execute_python'] as const;
export const toolNameSchema = z.enum(toolNames);
export type ToolName = z.infer<typeof toolNameSchema>;

/** Facts about one call that policy reads and the safety check stores (recipients' domains, tables, host, …). */
export const toolFactsSchema = z.record(z.string(), z.json());
export type ToolFacts = z.infer<typeof toolFactsSchema>;
