import { type OutputFile, outputFileSchema } from '@contracts/run-files.ts';
import { z } from 'zod';
import { isRecord } from '@/lib/is-record.ts';

// What a tool put out is JSON somebody else wrote: read leniently by its shape, and what fits no shape is shown as JSON.

const columnSchema = z.object({ name: z.string(), type: z.string() });
const rowSchema = z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]);
const tableSchema = z.object({ columns: z.array(columnSchema).min(1), rows: z.array(rowSchema), row_count: z.number().optional(), truncated: z.boolean().optional() });

const pythonErrorSchema = z.object({ type: z.string(), message: z.string(), traceback: z.string().nullish() });
const pythonSchema = z.object({
  result: z.unknown(),
  result_note: z.string().nullish(),
  stdout: z.string(),
  stderr: z.string(),
  truncated: z.object({ stdout: z.boolean().optional(), stderr: z.boolean().optional() }).optional(),
  error: pythonErrorSchema.nullable(),
  files_note: z.string().nullish(),
  duration_ms: z.number().optional(),
});
export type PythonOutput = z.infer<typeof pythonSchema>;

const httpSchema = z.object({
  url: z.string(),
  status: z.number().int(),
  headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  body: z.string().nullish(),
  /** `file`: it became a file of the run; `none`: it is neither text nor whole. */
  body_encoding: z.string().nullish(),
  body_trouble: z.string().nullish(),
  bytes: z.number().optional(),
  truncated: z.boolean().optional(),
  redirected_from: z.array(z.string()).optional(),
});
export type HttpOutput = z.infer<typeof httpSchema>;

const searchSchema = z.object({ results: z.array(z.object({ title: z.string(), url: z.string(), snippet: z.string().nullish() })) });
export type SearchOutput = z.infer<typeof searchSchema>;

const emailSchema = z.object({
  message_id: z.string(),
  accepted: z.array(z.string()),
  refused: z.array(z.object({ recipient: z.string(), reply: z.string().nullish(), is_temporary: z.boolean().nullish() })).default([]),
  response: z.string().nullish(),
  attachments: z.array(z.object({ name: z.string(), bytes: z.number() })).default([]),
});
export type EmailOutput = z.infer<typeof emailSchema>;

const mcpItemSchema = z.looseObject({ type: z.string() });
const mcpSchema = z.object({ content: z.array(mcpItemSchema), structured_content: z.unknown().optional(), structured_content_problem: z.string().nullish(), parts_left_out: z.number().nullish() });
export type McpOutput = z.infer<typeof mcpSchema>;

const describedTableSchema = z.object({
  name: z.string(),
  kind: z.string().nullish(),
  comment: z.string().nullish(),
  estimated_rows: z.number().nullish(),
  columns: z.array(z.object({ name: z.string(), type: z.string(), nullable: z.boolean().optional(), primary_key: z.boolean().optional(), references: z.string().nullish(), comment: z.string().nullish() })),
});
const sourceSchema = z.object({ tables: z.array(describedTableSchema), truncated: z.boolean().optional(), more_tables: z.array(z.string()).optional() });
export type SourceOutput = z.infer<typeof sourceSchema>;

/** A piece of an earlier result: of a text, of a list, or the value itself. */
const pieceSchema = z.union([
  z.object({ text: z.string(), offset: z.number(), total_characters: z.number(), next_offset: z.number().nullish() }),
  z.object({ items: z.array(z.unknown()), items_from: z.number(), total_items: z.number(), next_items_from: z.number().nullish() }),
  z.object({ value: z.unknown(), total_characters: z.number() }),
]);
export type PieceOutput = z.infer<typeof pieceSchema>;

/** A table: its columns, and rows in their order. `type` is absent where nobody gave one. */
export interface TableOutput {
  columns: { name: string; type?: string | undefined }[];
  rows: unknown[][];
  isTruncated: boolean;
}

/** What a tool's output is shown as. */
export type OutputView =
  | { kind: 'table'; table: TableOutput }
  | { kind: 'python'; output: PythonOutput }
  | { kind: 'http'; output: HttpOutput }
  | { kind: 'search'; output: SearchOutput }
  | { kind: 'email'; output: EmailOutput }
  | { kind: 'source'; output: SourceOutput }
  | { kind: 'mcp'; output: McpOutput }
  | { kind: 'piece'; output: PieceOutput }
  | { kind: 'other' };

const toTable = ({ columns, rows, truncated = false }: z.infer<typeof tableSchema>): TableOutput => ({
  columns,
  rows: rows.map((row) => (Array.isArray(row) ? columns.map((_, index) => row[index]) : columns.map(({ name }) => row[name]))),
  isTruncated: truncated,
});

/** Tried in this order; the first that fits wins. */
const readers: readonly ((output: unknown) => OutputView | undefined)[] = [
  (output) => { const { data } = tableSchema.safeParse(output); return data && { kind: 'table', table: toTable(data) }; },
  (output) => { const { data } = pythonSchema.safeParse(output); return data && { kind: 'python', output: data }; },
  (output) => { const { data } = httpSchema.safeParse(output); return data && { kind: 'http', output: data }; },
  (output) => { const { data } = searchSchema.safeParse(output); return data && { kind: 'search', output: data }; },
  (output) => { const { data } = emailSchema.safeParse(output); return data && { kind: 'email', output: data }; },
  (output) => { const { data } = sourceSchema.safeParse(output); return data && { kind: 'source', output: data }; },
  (output) => { const { data } = mcpSchema.safeParse(output); return data && { kind: 'mcp', output: data }; },
  (output) => { const { data } = pieceSchema.safeParse(output); return data && { kind: 'piece', output: data }; },
];

/** How an output is best shown, by its shape. */
export const viewOf = (output: unknown): OutputView => {
  for (const read of readers) {
    const view = read(output);
    if (view !== undefined) return view;
  }
  return { kind: 'other' };
};

/** A list of records with few different keys as a table; undefined for everything else. Keys in the order they first come. */
export const toRecordTable = (value: unknown): TableOutput | undefined => {
  if (!Array.isArray(value) || value.length === 0 || !value.every(isRecord)) return undefined;
  const names = new Set<string>();
  for (const record of value) for (const name of Object.keys(record)) names.add(name);
  if (names.size === 0 || names.size > 50) return undefined;
  return { columns: [...names].map((name) => ({ name })), rows: value.map((record) => [...names].map((name) => record[name])), isTruncated: false };
};

const holderSchema = z.object({ file: outputFileSchema });
const maxVisited = 20_000;

/** Files an output names, `{"file": {…}}` wherever it stands, each once. A huge output is looked through only at its start. */
export const filesIn = (output: unknown): OutputFile[] => {
  const found = new Map<string, OutputFile>();
  const waiting: unknown[] = [output];
  // Values found are added behind those that wait.
  for (let at = 0; at < waiting.length && at < maxVisited; at += 1) {
    const value = waiting[at];
    if (typeof value !== 'object' || value === null) continue;
    const holder = 'file' in value ? holderSchema.safeParse(value) : undefined;
    if (holder?.success === true) found.set(holder.data.file.id, holder.data.file);
    else waiting.push(...Object.values(value).slice(0, maxVisited));
  }
  return [...found.values()];
};
