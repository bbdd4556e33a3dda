import { type CheckedPolicy, type PolicyForm, policyFormSchema } from '@contracts/policies.ts';
import { expect, test } from 'vitest';
import { type EditorState, fromForm, fromText, incompleteParts, isUnsaved, reduceEditor } from './editor-state.ts';

const form = (changes: Partial<PolicyForm> = {}): PolicyForm => ({ ...policyFormSchema.parse({ effect: 'ask' }), ...changes });
const answer = (changes: Partial<CheckedPolicy> = {}): CheckedPolicy => ({ cedar: 'permit(…);', form: form(), form_refusal: null, issues: [], is_valid: true, ...changes });
const checked = (state: EditorState, changes: Partial<CheckedPolicy> = {}, edit = state.edit): EditorState => reduceEditor(state, { type: 'checked', edit, answer: answer(changes) });

test('the text follows the form and the form follows the text', () => {
  const written = checked(fromForm({ name: 'a', form: form() }), { cedar: 'from the form' });
  expect(written).toMatchObject({ cedar: 'from the form', lead: 'both', isValid: true });
  const typed = reduceEditor(written, { type: 'text-changed', cedar: 'forbid(…);' });
  expect(typed.lead).toBe('text');
  expect(checked(typed, { cedar: 'forbid(…);', form: form({ effect: 'deny' }) })).toMatchObject({ form: { effect: 'deny' }, lead: 'both', cedar: 'forbid(…);' });
});

test('an answer to an older change is dropped', () => {
  const first = reduceEditor(fromText({ name: 'a', cedar: '' }), { type: 'text-changed', cedar: 'one' });
  const second = reduceEditor(first, { type: 'text-changed', cedar: 'two' });
  expect(checked(second, { issues: [], form: form({ effect: 'deny' }) }, first.edit)).toBe(second);
  expect(reduceEditor(second, { type: 'check-failed', edit: first.edit, error: new Error('late') })).toBe(second);
});

test('what leads stays as typed when the server answers with a tidied copy', () => {
  const typed = reduceEditor(fromText({ name: 'a', cedar: '' }), { type: 'form-changed', form: form({ reason: 'because ' }) });
  expect(checked(typed, { form: form({ reason: 'because' }) }).form?.reason).toBe('because ');
  const text = reduceEditor(typed, { type: 'text-changed', cedar: 'permit  (…) ; ' });
  expect(checked(text, { cedar: 'permit(…);' }).cedar).toBe('permit  (…) ; ');
});

test('text the form cannot show freezes the last form with the reason, and loses nothing', () => {
  const shown = checked(fromForm({ name: 'a', form: form({ reason: 'kept' }) }));
  const beyond = checked(reduceEditor(shown, { type: 'text-changed', cedar: 'two statements' }), { cedar: 'two statements', form: null, form_refusal: 'It has two statements.' });
  expect(beyond).toMatchObject({ cedar: 'two statements', form: { reason: 'kept' }, refusal: 'It has two statements.' });
  expect(checked(reduceEditor(beyond, { type: 'text-changed', cedar: 'one' }), { cedar: 'one' }).refusal).toBeNull();
});

test('a failed check leaves both sides as they are until it is repeated', () => {
  const typed = reduceEditor(fromText({ name: 'a', cedar: 'x' }), { type: 'text-changed', cedar: 'y' });
  const failed = reduceEditor(typed, { type: 'check-failed', edit: typed.edit, error: new Error('no server') });
  expect(failed).toMatchObject({ cedar: 'y', lead: 'text', checkError: expect.any(Error) });
  expect(reduceEditor(failed, { type: 'check-again' })).toMatchObject({ checkError: undefined, edit: failed.edit + 1 });
});

test('half filled conditions and escalations are named and not sent', () => {
  expect(incompleteParts(form())).toEqual([]);
  const terms = { ...policyFormSchema.parse({ effect: 'ask', terms: {} }).terms!, escalations: [{ after_seconds: 60, approvers: [] }] };
  expect(incompleteParts(form({ conditions: [{ fact: '', operator: 'is' }, { fact: 'host', operator: 'is', value: '' }, { fact: 'amount', operator: 'is_known' }], terms }))).toEqual([
    'Condition 1: choose what it is about.', 'Condition 2: give a value.', 'Escalation 1: say to whom.',
  ]);
});

test('unsaved is what differs from what is kept, not what was merely looked at', () => {
  const saved = { name: 'a', cedar: 'x' };
  const opened = checked(fromText(saved), { cedar: 'x' });
  expect(isUnsaved(opened, saved)).toBe(false);
  expect(isUnsaved(reduceEditor(opened, { type: 'renamed', name: 'b' }), saved)).toBe(true);
  const typed = reduceEditor(opened, { type: 'text-changed', cedar: 'xy' });
  expect(isUnsaved(typed, saved)).toBe(true);
  expect(isUnsaved(reduceEditor(typed, { type: 'text-changed', cedar: 'x' }), saved)).toBe(false);
  expect(isUnsaved(reduceEditor(typed, { type: 'text-changed', cedar: ' x\n' }), saved)).toBe(false);
  const begun = fromForm({ name: '', form: form() });
  expect(isUnsaved(begun, undefined)).toBe(false);
  expect(isUnsaved(reduceEditor(begun, { type: 'renamed', name: 'a' }), undefined)).toBe(true);
});
