import type { Arguments } from '@/components/approval/arguments/argument-items.ts';
import { type ArgumentField, type Draft, parseDraft, toFields } from '@/components/approval/edit/schema-fields.ts';
import { parseJsonObject } from '@/lib/parse-json-object.ts';

/** The arguments of a call as they are put together: in fields, or as JSON. */
export interface CallDraft {
  mode: 'fields' | 'json';
  /** What the fields begin with: the arguments of a recorded call, or none. */
  begin: Arguments;
  typed: Draft;
  json: string;
}
export const emptyCall: CallDraft = { mode: 'fields', begin: {}, typed: {}, json: '{}' };
export const callWith = (args: Arguments): CallDraft => ({ mode: 'fields', begin: args, typed: {}, json: JSON.stringify(args, null, 2) });

export type ReadCall = { ok: true; args: Arguments } | { ok: false; messages: Record<string, string> };

/** The fields of a tool's arguments; of one whose schema cannot be had, what the call brings along. */
export const fieldsOf = (parameters: Record<string, unknown> | undefined, { begin }: CallDraft): ArgumentField[] => toFields(parameters ?? {}, begin);

/** The arguments, or what is wrong with which field; `json` stands for the whole text. */
export const readCall = (parameters: Record<string, unknown> | undefined, draft: CallDraft): ReadCall => {
  if (draft.mode === 'fields') return parseDraft(fieldsOf(parameters, draft), draft.typed, draft.begin);
  const parsed = parseJsonObject(draft.json, '{"to": ["ana@example.com"]}');
  return parsed.ok ? { ok: true, args: parsed.data ?? {} } : { ok: false, messages: { json: parsed.message } };
};

/** The same call in the other way of writing it; undefined where the JSON cannot be read. Half-typed fields that fit nowhere are left out. */
export const switchMode = (parameters: Record<string, unknown> | undefined, draft: CallDraft): CallDraft | undefined => {
  const read = readCall(parameters, draft);
  if (draft.mode === 'fields') return { ...draft, mode: 'json', json: JSON.stringify(read.ok ? read.args : draft.begin, null, 2) };
  return read.ok ? callWith(read.args) : undefined;
};
