import { expect, test } from 'vitest';
import { draftKey, parseDraft } from './form-draft.ts';
import { emptyFormValues } from './form-values.ts';

test('a draft is read back as it was typed, half-filled numbers included', () => {
  const values = { ...emptyFormValues({ llm_provider: 'scripted', llm_connection: null }), name: 'Half', fallbacks: [{ llm_provider: 'openai' as const, llm_connection: '0197f000-0000-7000-8000-000000000001', llm_model: '' }], output_schema: '{"type":', limits: { ...emptyFormValues().limits, max_cost: '0.' }, parameters: { ...emptyFormValues().parameters, reasoning_effort: 'low' as const, top_p: '0.' } };
  expect(parseDraft(JSON.stringify({ savedAt: 5, values }))).toEqual({ savedAt: 5, values });
});

test.each([null, '', '{', '[]', '{"savedAt":1,"values":{"name":"old form"}}', JSON.stringify({ savedAt: 1, values: { ...emptyFormValues(), tools: ['no name of a tool'] } })])('%j is no draft', (text) => {
  expect(parseDraft(text)).toBeUndefined();
});

test('people, agents and versions have drafts apart', () => {
  const keys = [
    draftKey({ userId: 'a' }), draftKey({ userId: 'b' }), draftKey({ userId: 'a', agent: { id: 'x', version: 1 } }), draftKey({ userId: 'a', agent: { id: 'x', version: 2 } }),
  ];
  expect(new Set(keys).size).toBe(4);
});
