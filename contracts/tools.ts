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
export const toolEffects = ['none', 'idempotent', 'external'] as const;
export const toolEffectSchema = z.enum(toolEffects);
export type ToolEffect = z.infer<typeof toolEffectSchema>;

/**
 * The name a tool is registered and shown to models under; model providers take no other characters and no more of them. Which
 * tools there are, the catalogue says: those of MCP servers come and go.
 */
export const toolNameSchema = z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'A tool name has letters, digits, _ and -.');
export type ToolName = z.infer<typeof toolNameSchema>;

/** Facts about one call that policy reads and the safety check stores (recipients' domains, tables, host, …). */
export const toolFactsSchema = z.record(z.string(), z.json());
export type ToolFacts = z.infer<typeof toolFactsSchema>;
