import { type ToolSettings, toolSettingsSchema, updateToolSettingsBodySchema } from '@contracts/tool-settings.ts';
import { expect, test } from 'vitest';
import { optionFields, toolFields, toolIssues, toolLabel, toToolBody, toToolField, toToolValues } from './tool-values.ts';

const tool: ToolSettings = toolSettingsSchema.parse({
  name: 'send_email', description: 'Sends an e-mail.', mcp_server: null, default_risk: 'HIGH', effect: 'external', is_enabled: true, is_configured: true, configuration_hint: null,
  timeout_seconds: null, default_timeout_seconds: 60, max_concurrent: 4, calls_per_minute: null, running: 0,
  options: { from: null, recipient_domains: ['example.com'], max_recipients: 50, headers: { a: 1 } },
  options_schema: {
    type: 'object',
    properties: {
      from: { anyOf: [{ type: 'string', minLength: 3, maxLength: 320 }, { type: 'null' }], default: null, description: 'Sender.' },
      recipient_domains: { type: 'array', items: { type: 'string' }, maxItems: 2, default: [] },
      max_recipients: { type: 'integer', minimum: 1, maximum: 500, default: 50 },
      headers: { type: 'object', additionalProperties: { type: 'integer' } },
    },
  },
  used_by_agents: [], version: 3, updated_at: null, updated_by: null,
});

test('settings that are opened and saved as they are change nothing', () => {
  expect(toToolBody(toToolValues(tool), tool)).toBeUndefined();
  expect(toToolBody(toToolValues({ ...tool, options: null, options_schema: null }), { ...tool, options: null, options_schema: null })).toBeUndefined();
});

test('each setting gets the field that holds it; what no field can draw is JSON', () => {
  expect(optionFields(tool).map(({ key, kind }) => [key, kind])).toEqual([['from', 'text'], ['recipient_domains', 'lines'], ['max_recipients', 'integer'], ['headers', 'json']]);
  expect(toToolValues(tool)).toMatchObject({ 'options.from': '', 'options.recipient_domains': 'example.com', max_concurrent: '4', timeout_seconds: '' });
});

test('only what was changed is sent, the settings of the tool as a whole', () => {
  const body = toToolBody({ ...toToolValues(tool), timeout_seconds: '120', max_concurrent: ' ', 'options.from': 'a@example.com', 'options.recipient_domains': 'example.com\n\n example.org' }, tool);
  expect(body).toEqual({ timeout_seconds: 120, max_concurrent: null, options: { from: 'a@example.com', recipient_domains: ['example.com', 'example.org'], max_recipients: 50, headers: { a: 1 } }, version: 3 });
  expect(updateToolSettingsBodySchema.safeParse(body).success).toBe(true);
});

test('what is wrong is said at its field, in the order of the form', () => {
  const issues = toolIssues({ ...toToolValues(tool), timeout_seconds: '901', calls_per_minute: 'many', 'options.max_recipients': '0', 'options.headers': '{', 'options.recipient_domains': 'a\nb\nc' }, tool);
  expect(issues.map(({ path }) => path)).toEqual(['timeout_seconds', 'calls_per_minute', 'options.recipient_domains', 'options.max_recipients', 'options.headers']);
  expect(issues[0]?.message).toBe('Time-out: a whole number of seconds from 1 to 900, or empty.');
});

test('issues of the api land on the field that holds the place they name', () => {
  expect(toToolField('options.recipient_domains.1', tool)).toBe('options.recipient_domains');
  expect(toToolField('max_concurrent', tool)).toBe('max_concurrent');
  expect(toToolField('options', tool)).toBeUndefined();
});

test('every field has a label', () => {
  expect(toolFields(tool).map((field) => toolLabel(field, tool))).toEqual(['Switched on', 'Time-out', 'Calls at once', 'Calls a minute', 'From', 'Recipient domains', 'Max recipients', 'Headers']);
});
