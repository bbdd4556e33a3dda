import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PolicyCondition, type PolicyForm, policyFormSchema } from '../../../contracts/policies.ts';
import { riskLevels } from '../../../contracts/tools.ts';
import { facts } from '../facts/fact-catalogue.ts';
import { operatorsOf } from '../facts/list-policy-facts.ts';
import { cedarToForm } from './cedar-to-form.ts';
import { checkPolicySource } from './check-policy-source.ts';
import { describePolicy } from './describe-policy.ts';
import { formToCedar } from './form-to-cedar.ts';

const issuesOf = (cedar: string) => checkPolicySource({ cedar }).issues;
const at = (line: number, column: number, endLine: number, endColumn: number) => ({ line, column, end_line: endLine, end_column: endColumn });

describe('issues of a text', () => {
  it.each<[string, string, object]>([
    ['does not parse', 'permit(principal, action, resource)\nwhen { 1 + };', { severity: 'error', message: 'Unexpected token `}`.', ...at(2, 12, 2, 13) }],
    ['has an unknown fact', '@reason("äöü 😀 are one, two and four bytes")\npermit(principal, action, resource) when { context.foo > 1 };', { severity: 'error', message: 'Attribute `foo` not found.', ...at(2, 44, 2, 55) }],
    ['compares what cannot be compared', 'permit(principal, action, resource) when { context.hour == "9" };', { severity: 'error', message: 'The types Long and String are not compatible.', ...at(1, 44, 1, 63) }],
    ['reads a fact that may be missing', 'permit(principal, action, resource) when { context.host == "a.b" };', { severity: 'error', message: expect.stringContaining('optional attribute `host`'), hint: expect.stringContaining('context has host') }],
    ['names an action that there is not', 'permit(principal, action == Action::"run", resource);', { severity: 'error', message: 'Unrecognized action `Action::"run"`.', ...at(1, 29, 1, 42) }],
    ['never holds', 'forbid(principal, action, resource == Tool::"x") when { false };', { severity: 'warning', message: expect.stringContaining('impossible') }],
    ['is a template', 'permit(principal == ?principal, action, resource);', { severity: 'error', message: expect.stringContaining('Templates') }],
    ['is empty', '', { severity: 'error', message: 'Write at least one statement.' }],
    ['is a comment', '// later', { severity: 'error', message: 'Write at least one statement.' }],
    ['is no text', '\ud800', { severity: 'error' }],
    ['forbids everything', '// no more\nforbid(principal, action, resource);', { severity: 'warning', message: expect.stringContaining('forbids everything'), ...at(2, 1, 2, 37) }],
    ['asks about everything', 'forbid(principal, action == Action::"use_unattended", resource);', { severity: 'warning', message: expect.stringContaining('every call of every agent would wait') }],
    ['permits everything', 'permit(principal, action, resource);', { severity: 'warning', message: expect.stringContaining('CRITICAL') }],
    ['permits what has no effect alone', 'permit(principal, action == Action::"use_unattended", resource == Tool::"x");', { severity: 'warning', message: expect.stringContaining('alone') }],
    ['fits no call', 'forbid(principal == Tag::"x", action, resource);', { message: expect.stringContaining('No call fits') }],
    ['names a host as nobody is called', 'forbid(principal, action, resource in Host::"https://API.example.com");', { severity: 'warning', message: expect.stringContaining('No call has the host') }],
    ['approves without asking', '@approvers("role:admin")\nforbid(principal, action, resource == Tool::"x");', { severity: 'warning', message: expect.stringContaining('never asks') }],
    ['has an annotation nobody knows', '@approver("role:admin")\nforbid(principal, action, resource == Tool::"x");', { severity: 'warning', message: '@approver means nothing here.', ...at(1, 1, 1, 24) }],
  ])('a text that %s', (_name, cedar, issue) => {
    const checked = checkPolicySource({ cedar });
    expect(checked.issues).toContainEqual(expect.objectContaining(issue));
    expect(checked.is_valid).toBe(!checked.issues.some(({ severity }) => severity === 'error'));
    expect(checked.cedar).toBe(cedar);
  });

  it.each<[string, string]>([
    ['@approvers("ana@example.com")', 'does not know'], ['@approvers("")', 'names nobody'], ['@approvers("role:operator")', 'does not know'], ['@quorum("0")', 'is no number'], ['@quorum("many")', 'is no number'],
    ['@quorum("3") @approvers("user:a@b.c, user:d@e.f")', 'asks for 3 people'], ['@expires("soon")', 'is no time'], ['@expires("1s")', 'must be from 10s to 30d'], ['@extendable("1y")', 'is no time'], ['@reminder("31d")', 'must be from'],
    ['@escalate("group:x")', 'is no time'], ['@escalate("managers")', 'step without a time'], ['@escalate("1h: nobody")', 'does not know'], ['@escalate("")', 'steps'], ['@self_approval("no")', 'is neither'], ['@editable("")', 'names no argument'], [`@reason("${'x'.repeat(501)}")`, 'is longer'],
  ])('%s is refused where it stands', (annotation, message) => {
    const cedar = `// a comment with @quorum("x")\n\n${annotation}\nforbid(principal, action == Action::"use_unattended", resource == Tool::"x");`;
    expect(issuesOf(cedar)).toEqual([expect.objectContaining({ severity: 'error', message: expect.stringContaining(message), line: 3 })]);
  });

  it('twelve statements keep their order', () => {
    const cedar = Array.from({ length: 12 }, (_each, index) => `@quorum("${index === 10 ? 'x' : 2}")\nforbid(principal, action == Action::"use_unattended", resource == Tool::"t${index}");`).join('\n');
    expect(issuesOf(cedar)).toEqual([expect.objectContaining({ line: 21, severity: 'error' })]);
  });

  it('deep or long text is answered, not thrown at', () => {
    for (const cedar of ['('.repeat(9_000), `permit(principal, action, resource) when { ${'!'.repeat(5_000)}true };`, `permit(principal, action, resource) when { ${'('.repeat(3_000)}true${')'.repeat(3_000)} };`, `permit(principal, action, resource) when { ${Array.from({ length: 900 }, () => 'true').join(' && ')} };`]) {
      expect(Array.isArray(issuesOf(cedar))).toBe(true);
    }
    expect(issuesOf('forbid(principal, action, resource == Tool::"x");')).toEqual([]);
  });

  it.each([
    ['a chain of indexes', `permit(principal, action, resource) when { context${'["a"]'.repeat(3_900)} };`],
    ['brackets behind a comment that a carriage return ends', `permit(principal, action, resource) when { // x\r${'('.repeat(3_000)}true${')'.repeat(3_000)}\n};`],
  ])('leaves the engine whole: %s', (what, cedar) => {
    expect(issuesOf(cedar)).toMatchObject([{ severity: 'error', message: expect.stringMatching(/^(One statement has|More) /) }]);
    expect(issuesOf(`forbid(principal, action, resource == Tool::"${what}");`)).toEqual([]);
  });
});

const nameArbitrary = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
const listOf = <Item>(item: fc.Arbitrary<Item>) => fc.uniqueArray(item, { maxLength: 3 });
const factArbitrary = fc.oneof(fc.constantFrom(...facts.filter(({ name }) => name !== 'risk')), nameArbitrary.map((name) => ({ name: `arguments.${name}`, type: 'text' as const })), nameArbitrary.map((name) => ({ name: `numbers.${name}`, type: 'number' as const })));
const conditionArbitrary: fc.Arbitrary<PolicyCondition> = factArbitrary.chain(({ name, type }) =>
  fc.constantFrom(...operatorsOf[type], 'is_known' as const).chain((operator): fc.Arbitrary<PolicyCondition> => {
    if (operator === 'is_known') return fc.constant({ fact: name, operator });
    if (operator === 'contains_any') return fc.uniqueArray(fc.string({ unit: 'grapheme', maxLength: 10 }), { minLength: 1, maxLength: 3 }).map((value) => ({ fact: name, operator, value }));
    const value = type === 'number' ? fc.maxSafeInteger() : type === 'boolean' ? fc.boolean() : fc.string({ unit: fc.constantFrom('a', '*', '"', '\\', '\n', '\0', 'ö', '🙂', "'"), maxLength: 12 });
    return value.map((each) => ({ fact: name, operator, value: each }));
  }),
);
const approverArbitrary = fc.constantFrom('role:approver', 'role:admin', 'user:ana@example.com', 'group:finance-leads');
const secondsArbitrary = fc.option(fc.integer({ min: 10, max: 30 * 86_400 }), { nil: null });
const termsArbitrary = fc.record({
  approvers: listOf(approverArbitrary), quorum: fc.integer({ min: 1, max: 20 }), expires_after_seconds: secondsArbitrary, extendable_to_seconds: secondsArbitrary, reminder_after_seconds: secondsArbitrary,
  escalations: fc.array(fc.record({ after_seconds: fc.integer({ min: 5, max: 86_400 }), approvers: fc.uniqueArray(approverArbitrary, { minLength: 1, maxLength: 3 }) }), { maxLength: 3 }),
  forbids_self_approval: fc.boolean(), editable_fields: fc.option(fc.uniqueArray(fc.stringMatching(/^[a-z_.]{1,12}$/), { maxLength: 3 }).filter((fields) => !fields.includes('none')), { nil: null }),
}).filter(({ quorum, approvers }) => !(approvers.length > 0 && approvers.every((approver) => approver.startsWith('user:')) && quorum > approvers.length));
const formArbitrary: fc.Arbitrary<PolicyForm> = fc
  .record({
    effect: fc.constantFrom('allow' as const, 'ask' as const, 'deny' as const), tools: listOf(fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,20}$/)), agent_ids: listOf(fc.uuid()), tags: listOf(nameArbitrary), data_sources: listOf(nameArbitrary), hosts: listOf(nameArbitrary),
    risk_levels: fc.uniqueArray(fc.constantFrom(...riskLevels)), conditions: fc.array(conditionArbitrary, { maxLength: 4 }), reason: fc.string({ unit: 'grapheme', maxLength: 60 }), terms: fc.option(termsArbitrary, { nil: null }),
  })
  .map((form) => policyFormSchema.parse({ ...form, terms: form.effect === 'ask' ? form.terms : null }));

describe('form and text', () => {
  it('a form read back from its text is the same form, and its text is valid', () => {
    fc.assert(
      fc.property(formArbitrary, (form) => {
        const cedar = formToCedar(form);
        expect(cedarToForm(cedar)).toEqual({ form, refusal: null });
        const checked = checkPolicySource({ form });
        expect(checked.issues.filter(({ severity }) => severity === 'error')).toEqual([]);
        expect(checked).toMatchObject({ cedar, form, is_valid: true });
        const { effect } = describePolicy(cedar);
        expect(effect).toBe(form.effect);
      }),
      { numRuns: 60 },
    );
  });

  it.each<[string, string]>([
    ['an unless', 'forbid(principal, action, resource) unless { context.hour > 3 };'],
    ['an or', 'forbid(principal, action, resource) when { context.hour > 3 || context.hour < 2 };'],
    ['a star that stands for itself', 'forbid(principal, action, resource) when { context.risk like "a\\*" };'],
    ['waiting for ever', '@expires("never")\npermit(principal, action == Action::"use", resource);\n@expires("never")\nforbid(principal, action == Action::"use_unattended", resource);'],
    ['an MCP server', 'forbid(principal, action, resource in McpServer::"files");'],
    ['one action', 'forbid(principal, action == Action::"use", resource);'],
    ['two statements about different calls', 'permit(principal, action == Action::"use", resource == Tool::"a");\nforbid(principal, action == Action::"use_unattended", resource == Tool::"b");'],
    ['two blocks', 'forbid(principal, action, resource == Tool::"a");\nforbid(principal, action, resource == Tool::"b");'],
    ['an annotation that means nothing', '@note("x")\nforbid(principal, action, resource == Tool::"a");'],
    ['a comment', '// why\nforbid(principal, action, resource == Tool::"a");'],
    ['an agent that is no id', 'forbid(principal == Agent::"me", action, resource);'],
  ])('the form has no words for %s, and says why', (_name, cedar) => {
    const checked = checkPolicySource({ cedar });
    expect(checked).toMatchObject({ cedar, form: null });
    expect(checked.form_refusal).toMatch(/^[A-Z].*\.$/);
  });

  it('text written by hand is shown where the form has words for it', () => {
    const { form } = checkPolicySource({ cedar: 'forbid(principal in Tag::"finance", action, resource == Tool::"send_email")\nwhen { context has outside_recipient_count && context.outside_recipient_count > 0 && context.hour < 7 && context has has_html && context.has_html };' });
    expect(form).toMatchObject({
      effect: 'deny', tags: ['finance'], tools: ['send_email'],
      conditions: [{ fact: 'outside_recipient_count', operator: 'at_least', value: 1 }, { fact: 'hour', operator: 'at_most', value: 6 }, { fact: 'has_html', operator: 'is', value: true }],
    });
  });

  it.each<[string, object, string]>([
    ['a fact nobody knows', { fact: 'no such"] || true || context["x', operator: 'is', value: 'a' }, 'There is no fact'],
    ['a comparison that does not fit', { fact: 'host', operator: 'at_least', value: 3 }, 'cannot be compared'],
    ['a value of another type', { fact: 'hour', operator: 'is', value: '3' }, 'wants a whole number'],
    ['no value', { fact: 'hour', operator: 'is' }, 'has no value'],
    ['an empty list', { fact: 'tables', operator: 'contains_any', value: [] }, 'at least one'],
  ])('a form with %s is kept and refused', (_name, condition, message) => {
    const form = policyFormSchema.parse({ effect: 'deny', conditions: [condition] });
    const checked = checkPolicySource({ form });
    expect(checked).toMatchObject({ form, is_valid: false });
    expect(checked.issues[0]).toMatchObject({ severity: 'error', message: expect.stringContaining(message) });
  });

  it('a form whose values the text cannot hold is refused rather than changed', () => {
    const form = policyFormSchema.parse({ effect: 'ask', tools: ['send_email'], terms: { editable_fields: ['subject, text'] } });
    expect(checkPolicySource({ form })).toMatchObject({ form, is_valid: false });
  });
});

describe('describePolicy', () => {
  it.each([
    ['forbid(principal in Tag::"finance", action, resource == Tool::"send_email");', { effect: 'deny', scope: 'send_email, agents tagged finance', description: 'Blocks send_email, agents tagged finance.' }],
    ['@reason("Because.")\nforbid(principal, action == Action::"use_unattended", resource);', { effect: 'ask', scope: 'every call', description: 'Because.' }],
    ['permit(principal, action, resource in DataSource::"shop") when { context.hour >= 9 };', { effect: 'allow', scope: 'data source shop', description: 'Allows data source shop where hour is at least 9.' }],
    ['permit(principal, action, resource == Tool::"a");\nforbid(principal, action, resource == Tool::"b");', { effect: 'mixed', scope: 'a; b' }],
    ['forbid(', { effect: 'mixed', scope: '', description: '' }],
  ])('%j', (cedar, description) => {
    expect(describePolicy(cedar)).toMatchObject(description);
  });
});
