import { describe, expect, it } from 'vitest';
import type { ApprovalTerms } from '../../contracts/approvals.ts';
import { compareTerms } from './compare-terms.ts';
import { mergeTerms } from './merge-terms.ts';

const plain = mergeTerms([]);
const terms = (change: Partial<ApprovalTerms>): ApprovalTerms => ({ ...plain, ...change });
const needs = (quorum: number, ...approvers: string[]): ApprovalTerms => terms({ requirements: [{ policy_id: 'p', policy_name: 'P', approvers, quorum }] });
const escalating = (given: ApprovalTerms, policyId: string, ...approvers: string[]): ApprovalTerms => ({ ...given, escalations: [{ after_seconds: 5, approvers, policy_id: policyId }] });

describe('other terms of an approval', () => {
  it.each<[string, ApprovalTerms, ApprovalTerms, string, string]>([
    ['the same', needs(2, 'group:finance'), needs(2, 'group:finance'), 'unchanged', 'unchanged'],
    ['the same under another name', needs(1, 'group:a'), terms({ requirements: [{ policy_id: 'q', policy_name: 'Q', approvers: ['group:a'], quorum: 1 }] }), 'unchanged', 'unchanged'],
    ['one person fewer', needs(2, 'group:finance'), needs(1, 'group:finance'), 'looser', 'stricter'],
    ['anybody instead of somebody', needs(1, 'group:finance'), plain, 'looser', 'stricter'],
    ['one of more people', needs(1, 'group:finance'), needs(1, 'group:finance', 'role:admin'), 'looser', 'stricter'],
    ['other people', needs(1, 'group:finance'), needs(1, 'group:legal'), 'looser', 'looser'],
    ['more, but other people', needs(1, 'group:finance'), needs(2, 'group:legal'), 'looser', 'looser'],
    ['one demand more', needs(1, 'group:a'), terms({ requirements: [...needs(1, 'group:a').requirements, ...needs(1, 'group:b').requirements] }), 'stricter', 'looser'],
    ['own runs as well', terms({ forbids_self_approval: true }), plain, 'looser', 'stricter'],
    ['more that may be edited', terms({ editable_fields: ['text'] }), terms({ editable_fields: ['text', 'to'] }), 'looser', 'stricter'],
    ['all that may be edited', terms({ editable_fields: [] }), plain, 'looser', 'stricter'],
    ['more people later', needs(2, 'group:finance'), escalating(needs(2, 'group:finance'), 'p', 'role:approver', 'role:admin'), 'looser', 'stricter'],
    ['nobody new later', needs(1, 'group:finance', 'role:admin'), escalating(needs(1, 'group:finance', 'role:admin'), 'p', 'role:admin'), 'unchanged', 'unchanged'],
    ['later whom anybody may stand for already', plain, escalating(plain, 'p', 'role:admin'), 'unchanged', 'unchanged'],
    ['more people later, for a policy that demands nothing here', needs(1, 'group:finance'), escalating(needs(1, 'group:finance'), 'q', 'role:admin'), 'unchanged', 'unchanged'],
    ['at once who came later', escalating(needs(1, 'group:finance'), 'p', 'role:admin'), needs(1, 'group:finance', 'role:admin'), 'unchanged', 'unchanged'],
    ['another expiry', plain, terms({ expires_after_seconds: 60, reminder_after_seconds: 5 }), 'unchanged', 'unchanged'],
  ])('%s', (_, before, after, there, back) => {
    expect([compareTerms(before, after), compareTerms(after, before)]).toEqual([there, back]);
  });
});
