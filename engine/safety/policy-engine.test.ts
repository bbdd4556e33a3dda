import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../../platform/logger.ts';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database.ts';
import { breakPolicyEngine, deepText, exhaustPolicyEngine } from '../../tests/support/policy-engine.ts';
import { splitStatements } from './cedar/cedar-engine.ts';
import { checkPolicySource } from './cedar/check-policy-source.ts';
import { createPolicies } from './create-policies.ts';
import { findPolicyEngineOutage, logPolicyEngineBreakdowns } from './policy-engine.ts';
import { questionOf, setOf } from './questions.cases.ts';

const lines: string[] = [];
const logged = () => lines.splice(0).map((line) => JSON.parse(line) as Record<string, unknown>);
logPolicyEngineBreakdowns(createLogger({ name: 'test', level: 'error', destination: new Writable({ write: (line: Buffer, _encoding, done) => (lines.push(line.toString()), done()) }) }));

const lateOnly = 'forbid(principal, action, resource) when { context.hour > 22 };';
/** A call at an hour and with an argument of its own, so that no answer to it is kept. */
let calls = 0;
const callAt = (hour: string) => questionOf({ facts: { at: `2026-11-29T${hour}:00:00.000Z`, environment: `call-${++calls}`, arguments: { card: '4111-1111' } } as never });
/** Reads what tells the calls apart. */
const perCall = 'forbid(principal, action, resource) when { context.environment == "none" && context.arguments.hasTag("card") && context.arguments.getTag("card") == "x" };';

describe('a check over which the policy engine breaks down', () => {
  it('is refused, named in one line of the log without arguments, and the next one is judged rightly', () => {
    const set = setOf(lateOnly, perCall);
    expect(set.judge(callAt('05'))).toMatchObject({ verdict: 'allow', problems: [] });
    breakPolicyEngine();
    const refused = set.judge(callAt('05'));
    expect(refused).toMatchObject({ verdict: 'deny', reason: 'No policy permits it. Its risk is LOW.' });
    expect(refused.problems).toContain('The policy “Policy 1” could not be evaluated: the policy engine failed.');
    const said = logged();
    expect(said).toEqual([expect.objectContaining({ level: 50, msg: 'the policy engine broke down', policyVersion: 'test', error: expect.objectContaining({ message: 'memory access out of bounds' }) })]);
    expect(JSON.stringify(said)).not.toMatch(/4111|call-/);

    expect(set.judge(callAt('05'))).toMatchObject({ verdict: 'allow', problems: [] });
    expect(set.judge(callAt('23'))).toMatchObject({ verdict: 'deny', reason: 'Blocked by “Policy 1”: Blocks every call where hour is at least 23.', problems: [] });
    expect(logged()).toEqual([]);
    expect(findPolicyEngineOutage()).toBeUndefined();
  });

  it('asks a person where only a policy about its tool is lost', () => {
    const set = setOf('forbid(principal, action, resource == Tool::"lookup") when { context.hour > 22 };');
    const call = callAt('05');
    set.judge(callAt('04'));
    breakPolicyEngine();
    expect(set.judge(call)).toMatchObject({ verdict: 'ask', problems: ['The policy “Policy 1” could not be evaluated: the policy engine failed.'] });
    expect(set.judge(call)).toMatchObject({ verdict: 'allow', problems: [] });
  });

  it('leaves no set mistaken for another: what was loaded is loaded again', () => {
    const sets = Array.from({ length: 20 }, (_each, hour) => setOf(`forbid(principal, action, resource) when { context.hour == ${hour} };`, perCall));
    const verdicts = () => sets.map((set, hour) => [set.judge(callAt(String(hour).padStart(2, '0'))).verdict, set.judge(callAt('21')).verdict]);
    const right = sets.map(() => ['deny', 'allow']);
    expect(verdicts()).toEqual(right);
    breakPolicyEngine();
    setOf(perCall).judge(callAt('01'));
    // In another order than before.
    sets.reverse().pop();
    expect(sets.map((set) => set.judge(callAt('21')).verdict)).toEqual(sets.map(() => 'allow'));
    sets.reverse();
    expect(sets.map((set, index) => set.judge(callAt(String(index + 1).padStart(2, '0'))).verdict)).toEqual(sets.map(() => 'deny'));
  });
});

it('texts that are no Unicode, which wear an instance out, never break it however many calls have them', () => {
  const set = setOf(perCall);
  logged();
  for (let count = 0; count < 1_000; count++) {
    const judged = set.judge(questionOf({ facts: { arguments: { card: `\ud800${count}` } } as never }));
    if (count % 500 === 0) expect(judged).toMatchObject({ verdict: 'ask', problems: [expect.stringContaining('hex escape')] });
  }
  expect(set.judge(callAt('05'))).toMatchObject({ verdict: 'allow', problems: [] });
  expect(logged()).toEqual([]);
});

describe('a text over which it breaks down', () => {
  it('is not read; others are', () => {
    logged();
    expect(splitStatements(deepText(501))).toMatchObject({ ok: false, isBreakdown: true });
    const [line, ...more] = logged();
    expect([line?.['msg'], line?.['policyVersion'], more]).toEqual(['the policy engine broke down', undefined, []]);
    expect(JSON.stringify(line)).not.toContain('permit');
    expect(checkPolicySource({ cedar: lateOnly })).toMatchObject({ is_valid: true, issues: [] });
  });

  it('is an error of the check, which the same text does not have the next time', () => {
    const text = 'forbid(principal, action, resource == Tool::"fresh");';
    breakPolicyEngine();
    expect(checkPolicySource({ cedar: text })).toMatchObject({ is_valid: false, issues: [{ severity: 'error', message: 'The policy engine failed.', hint: 'Try again.' }] });
  });
});

describe('live policies', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.close());

  it('that could not be read in a breakdown are read again soon, without another change', async () => {
    const cedar = 'forbid(principal, action, resource == Tool::"never-read-before");';
    await database.db.insertInto('policies').values({ id: 'a0000000-0000-4000-8000-00000000000a', name: 'Live', live_version: 1, latest_version: 1, draft_cedar: null, draft_based_on: null, draft_updated_by: null, created_by: null, changed_by: null }).execute();
    await database.db.insertInto('policy_versions').values({ policy_id: 'a0000000-0000-4000-8000-00000000000a', version: 1, name: 'Live', cedar, note: 'n', rolled_back_to: null, back_test_id: null, reason_without_back_test: null, created_by: null, created_by_name: 'x' }).execute();
    await database.db.insertInto('policy_sets').values({ version: 1, members: JSON.stringify([{ policy_id: 'a0000000-0000-4000-8000-00000000000a', version: 1 }]), changed_policy_id: 'a0000000-0000-4000-8000-00000000000a', changed_policy_name: 'Live', from_version: null, to_version: 1, note: 'n', created_by: null, created_by_name: 'x' }).execute();
    let now = 0;
    const policies = createPolicies({ db: database.db, environment: 'test' }, () => now);
    logged();
    breakPolicyEngine();
    const unread = await policies.current();
    expect(unread.judge(questionOf())).toMatchObject({ verdict: 'ask', problems: ['The policy “Live” cannot be read, so a person decides.'] });
    expect(logged()).toEqual([expect.objectContaining({ policyVersion: unread.version })]);
    now += 9_999;
    expect(await policies.current()).toBe(unread);
    now += 1_500;
    const read = await policies.current();
    expect(read.judge(questionOf())).toMatchObject({ verdict: 'allow', problems: [] });
    expect(read.judge(questionOf({ toolName: 'never-read-before' })).verdict).toBe('deny');
    now += 60_000;
    expect(await policies.current()).toBe(read);
  });
});

it('what keeps breaking it is answered by refusing, without trying on, and said', () => {
  const set = setOf(perCall);
  exhaustPolicyEngine();
  logged();
  expect(findPolicyEngineOutage()).toContain('broke down 20 times within a minute');
  for (let count = 0; count < 100; count++) {
    const judged = set.judge(callAt('05'));
    expect(judged.verdict).not.toBe('allow');
    expect(judged.problems).toContain('The policy “Policy 1” could not be evaluated: the policy engine failed.');
  }
  expect(logged()).toEqual([]);
});
