import { z } from 'zod';
import { timestampSchema } from './pagination.ts';
import { stagedTestSchema, usedByAgentsSchema } from './staged-tests.ts';

/** What agents call it in `run_sql`. */
export const dataSourceNameSchema = z.string().regex(/^[a-z][a-z0-9_]{0,62}$/, 'Use a small letter, then small letters, digits and _.');
const isPostgresUrl = (text: string): boolean => URL.canParse(text) && ['postgres:', 'postgresql:'].includes(new URL(text).protocol) && new URL(text).hostname !== '';
const urlSchema = z
  .string()
  .trim()
  .max(1_000)
  .refine(isPostgresUrl, 'Write a whole address, e.g. postgres://reader@db.example.com/shop.')
  .refine((text) => !URL.canParse(text) || new URL(text).password === '', 'The password has a field of its own; leave it out of the address.');
const passwordSchema = z.string().min(1).max(1_000);
const descriptionSchema = z.string().trim().max(500);
/** `orders`, `sales.orders` or `sales.*`; a name without schema is one of `public`. */
const tablePatternSchema = z.string().trim().min(1).max(130).regex(/^[^.\s*]+(\.([^.\s*]+|\*))?$/, 'Write table, schema.table or schema.*.');
/** `customers.email`, `sales.customers.email` or `customers.*`: columns of a table, one of `public` where no schema is named. */
const columnPatternSchema = z.string().trim().min(1).max(200).regex(/^([^.\s*]+\.)?[^.\s*]+\.([^.\s*]+|\*)$/, 'Write table.column or table.*.');
const privateColumnsSchema = z.array(columnPatternSchema).max(500);
const limitsShape = {
  max_rows: z.number().int().min(1).max(10_000),
  statement_timeout_seconds: z.number().int().min(1).max(300),
};

export const createDataSourceBodySchema = z.strictObject({
  name: dataSourceNameSchema,
  /** The model reads it when it chooses. */
  description: descriptionSchema.default(''),
  url: urlSchema,
  password: passwordSchema.nullable().default(null),
  /** Null: every table the role may read. */
  readable_tables: z.array(tablePatternSchema).min(1).max(500).nullable().default(null),
  /** Reading them makes a query HIGH risk. */
  private_columns: privateColumnsSchema.default([]),
  max_rows: limitsShape.max_rows.default(1_000),
  statement_timeout_seconds: limitsShape.statement_timeout_seconds.default(30),
  is_enabled: z.boolean().default(true),
});
export type CreateDataSourceBody = z.infer<typeof createDataSourceBodySchema>;

/** Fields left out stay; `password: null` removes it, and another host, port, user or database drops a stored one that is not given anew. `version` must be the current one, else CONNECTION_CHANGED. */
export const updateDataSourceBodySchema = z.strictObject({
  name: dataSourceNameSchema.optional(),
  description: descriptionSchema.optional(),
  url: urlSchema.optional(),
  password: passwordSchema.nullable().optional(),
  readable_tables: z.array(tablePatternSchema).min(1).max(500).nullable().optional(),
  private_columns: privateColumnsSchema.optional(),
  max_rows: limitsShape.max_rows.optional(),
  statement_timeout_seconds: limitsShape.statement_timeout_seconds.optional(),
  is_enabled: z.boolean().optional(),
  version: z.number().int().positive(),
});
export type UpdateDataSourceBody = z.infer<typeof updateDataSourceBodySchema>;
/** Deleting one that agents may use takes its name. */
export const deleteDataSourceQuerySchema = z.strictObject({ name: z.string().max(63).optional() });

/** Values before they are saved. `data_source_id` with `password` left out uses the stored one, at the stored place only. */
export const testDataSourceBodySchema = z.strictObject({ url: urlSchema, password: passwordSchema.nullable().optional(), data_source_id: z.string().max(64).optional() });
export type TestDataSourceBody = z.infer<typeof testDataSourceBodySchema>;

export const dataSourceSchema = z.strictObject({
  /** A UUID, or the name of one that comes from MAESTRO_DATA_SOURCES. */
  id: z.string(),
  name: dataSourceNameSchema,
  description: z.string(),
  /** Without password. */
  url: z.string(),
  has_password: z.boolean(),
  readable_tables: z.array(z.string()).nullable(),
  private_columns: z.array(z.string()),
  max_rows: z.number().int(),
  statement_timeout_seconds: z.number().int(),
  is_enabled: z.boolean(),
  /** Comes from the configuration: shown and tested, not edited here. */
  is_built_in: z.boolean(),
  state: z.enum(['untested', 'healthy', 'degraded', 'failing', 'off']),
  last_test: stagedTestSchema.nullable(),
  used_by_agents: usedByAgentsSchema,
  version: z.number().int().positive(),
  updated_at: timestampSchema.nullable(),
  updated_by: z.string().nullable(),
});
export type DataSource = z.infer<typeof dataSourceSchema>;
export const dataSourcesResponseSchema = z.strictObject({ items: z.array(dataSourceSchema) });

/** A table or view agents may read there. */
export const dataSourceTableSchema = z.strictObject({
  /** `orders` of schema public, else `sales.orders`. */
  name: z.string(),
  kind: z.enum(['table', 'view', 'materialized_view', 'foreign_table']),
  comment: z.string().nullable(),
  /** The planner's estimate; null: unknown. */
  estimated_rows: z.number().int().nullable(),
  columns: z.array(z.strictObject({ name: z.string(), type: z.string(), is_nullable: z.boolean(), is_primary_key: z.boolean(), references: z.string().nullable(), comment: z.string().nullable() })),
});
export type DataSourceTable = z.infer<typeof dataSourceTableSchema>;
export const dataSourceTablesResponseSchema = z.strictObject({ items: z.array(dataSourceTableSchema), is_truncated: z.boolean() });
