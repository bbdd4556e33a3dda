import type { FieldIssue } from '@contracts/errors.ts';
import { type ToolSettings, type UpdateToolSettingsBody, updateToolSettingsBodySchema } from '@contracts/tool-settings.ts';
import { type ArgumentField, type Draft, parseDraft, toDraftText, toFields } from '@/components/approval/edit/schema-fields.ts';
import { parseTypedNumber } from '@/components/limits/limit-values.ts';

type Limit = 'timeout_seconds' | 'max_concurrent' | 'calls_per_minute';

/** The settings of a tool as its form holds them. Settings of the tool alone stand beside the limits, as `options.<name>`. */
export type ToolValues = { is_enabled: boolean } & Record<Limit, string> & Record<string, string | boolean>;

const limits: Record<Limit, { label: string; range: string }> = {
  timeout_seconds: { label: 'Time-out', range: 'a whole number of seconds from 1 to 900, or empty' },
  max_concurrent: { label: 'Calls at once', range: 'a whole number from 1 to 1 000, or empty' },
  calls_per_minute: { label: 'Calls a minute', range: 'a whole number from 1 to 100 000, or empty' },
};
export const limitNames = Object.keys(limits) as Limit[];
const isLimit = (field: string): field is Limit => field in limits;

/** Name of a setting of the tool alone among the fields of the form. */
export const optionName = (key: string): string => `options.${key}`;

/** The fields of the tool's own settings; none where it has no settings. */
export const optionFields = ({ options, options_schema: schema }: ToolSettings): ArgumentField[] => (schema === null ? [] : toFields(schema, options ?? {}));

/** The fields in the order of the form. */
export const toolFields = (tool: ToolSettings): string[] => ['is_enabled', ...limitNames, ...optionFields(tool).map(({ key }) => optionName(key))];

export const toolLabel = (field: string, tool: ToolSettings): string =>
  isLimit(field) ? limits[field].label : field === 'is_enabled' ? 'Switched on' : (optionFields(tool).find(({ key }) => optionName(key) === field)?.label ?? field);

export const toToolValues = (tool: ToolSettings): ToolValues => {
  const typed = (limit: Limit): string => (tool[limit] === null ? '' : String(tool[limit]));
  return {
    is_enabled: tool.is_enabled, timeout_seconds: typed('timeout_seconds'), max_concurrent: typed('max_concurrent'), calls_per_minute: typed('calls_per_minute'),
    ...Object.fromEntries(optionFields(tool).map((field) => [optionName(field.key), toDraftText(field, tool.options?.[field.key])])),
  };
};

/** The field an issue of the api is about: the setting itself, or the one that holds the place it names. */
export const toToolField = (path: string, tool: ToolSettings): string | undefined => toolFields(tool).find((field) => path === field || path.startsWith(`${field}.`));

const numberOf = (text: string): number | null => (text.trim() === '' ? null : parseTypedNumber(text));

const parseOptions = (values: ToolValues, tool: ToolSettings) => {
  const fields = optionFields(tool);
  const draft: Draft = Object.fromEntries(fields.map(({ key }) => [key, String(values[optionName(key)] ?? '')]));
  return parseDraft(fields, draft, tool.options ?? {});
};

/** What is wrong with what is typed, in the order of the form. */
export const toolIssues = (values: ToolValues, tool: ToolSettings): FieldIssue[] => {
  const body = { version: tool.version, ...Object.fromEntries(limitNames.map((limit) => [limit, numberOf(values[limit])])) };
  const parsed = updateToolSettingsBodySchema.safeParse(body);
  const refused = new Set(parsed.success ? [] : parsed.error.issues.map(({ path }) => String(path[0])));
  const options = parseOptions(values, tool);
  return [
    ...limitNames.filter((limit) => refused.has(limit)).map((limit) => ({ path: limit, message: `${limits[limit].label}: ${limits[limit].range}.` })),
    ...(options.ok ? [] : Object.entries(options.messages).map(([key, message]) => ({ path: optionName(key), message }))),
  ];
};

/** What an edit changes, against the version that was opened; undefined when nothing. Settings of the tool alone go as a whole. */
export const toToolBody = (values: ToolValues, tool: ToolSettings): UpdateToolSettingsBody | undefined => {
  const options = parseOptions(values, tool);
  const changes: Omit<UpdateToolSettingsBody, 'version'> = {
    ...(values.is_enabled === tool.is_enabled ? {} : { is_enabled: values.is_enabled }),
    ...Object.fromEntries(limitNames.filter((limit) => numberOf(values[limit]) !== tool[limit]).map((limit) => [limit, numberOf(values[limit])])),
    // Keys keep their order, so texts can be compared.
    ...(!options.ok || JSON.stringify(options.args) === JSON.stringify(tool.options ?? {}) ? {} : { options: options.args as NonNullable<UpdateToolSettingsBody['options']> }),
  };
  return Object.keys(changes).length === 0 ? undefined : { ...changes, version: tool.version };
};
