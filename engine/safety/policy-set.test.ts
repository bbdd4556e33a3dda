import { describe, expect, it } from 'vitest';
import type { RiskLevel } from '../../contracts/tools.ts';
import { builtInPolicies } from './built-in-policies.ts';
import { checkPolicySource } from './cedar/check-policy-source.ts';
import { emailFacts, questionOf, setOf } from './questions.cases.ts';

const any = 'action in [Action::"use", Action::"use_unattended"]';
const unattended = 'action == Action::"use_unattended"';
const email = (facts: Record<string, unknown> = {}, riskLevel: RiskLevel = 'HIGH') => questionOf({ toolName: 'send_email', riskLevel, effect: 'external', facts: { ...emailFacts, ...facts } as never });
const verdictOf = (texts: string[], question = questionOf()) => setOf(...texts).judge(question).verdict;

describe('built-in policies', () => {
  it.each([['LOW', 'allow'], ['MEDIUM', 'allow'], ['HIGH', 'ask'], ['CRITICAL', 'deny']] as const)('%s risk: %s', (riskLevel, verdict) => {
    const judged = setOf().judge(questionOf({ riskLevel }));
    expect(judged).toMatchObject({ verdict, problems: [], policyVersion: 'test' });
    expect(judged.matchedRules).toHaveLength(1);
    expect(judged.reason).toContain(riskLevel === 'MEDIUM' ? 'LOW and MEDIUM' : riskLevel);
  });
  it('are texts without issues whose ids the contracts know', () => {
    for (const { cedar } of builtInPolicies) expect(checkPolicySource({ cedar }).issues).toEqual([]);
    expect(builtInPolicies.map(({ id }) => id)).toEqual(['built-in.low-and-medium-run', 'built-in.high-asks']);
  });
  it('let an approval of HIGH wait for 24 hours, up to 72', () => {
    expect(setOf().judge(questionOf({ riskLevel: 'HIGH' })).terms).toMatchObject({ requirements: [], expires_after_seconds: 86_400, extendable_to_seconds: 259_200, reminder_after_seconds: null });
  });
});

describe('written policies', () => {
  it.each<[string, string[], ReturnType<typeof questionOf>, string]>([
    ['a block goes before a permit', [`forbid(principal, ${any}, resource == Tool::"lookup");`, `permit(principal, ${any}, resource);`], questionOf(), 'deny'],
    ['asking goes before allowing', [`forbid(principal, ${unattended}, resource == Tool::"lookup");`, `permit(principal, ${any}, resource);`], questionOf(), 'ask'],
    ['a permit lifts CRITICAL', [`permit(principal, ${any}, resource == Tool::"lookup");`], questionOf({ riskLevel: 'CRITICAL' }), 'allow'],
    ['a permit of use alone asks', [`permit(principal, action == Action::"use", resource == Tool::"lookup");`], questionOf({ riskLevel: 'CRITICAL' }), 'ask'],
    ['a permit of use_unattended alone permits nothing', [`permit(principal, ${unattended}, resource);`], questionOf({ riskLevel: 'CRITICAL' }), 'deny'],
    ['blocking use alone denies', [`forbid(principal, action == Action::"use", resource);`], questionOf(), 'deny'],
    ['another tool is left alone', [`forbid(principal, action, resource == Tool::"other");`], questionOf(), 'allow'],
    ['an agent by id', ['forbid(principal == Agent::"a0000000-0000-4000-8000-000000000001", action, resource);'], questionOf(), 'deny'],
    ['a tag', ['forbid(principal in Tag::"finance", action, resource);'], questionOf(), 'deny'],
    ['another tag', ['forbid(principal in Tag::"sales", action, resource);'], questionOf(), 'allow'],
    ['several tools in a condition', ['forbid(principal, action, resource) when { resource in [Tool::"x", Tool::"lookup"] };'], questionOf(), 'deny'],
    ['several agents in a condition', ['forbid(principal, action, resource) when { principal in [Agent::"x"] || principal in Tag::"finance" } when { context.hour >= 9 };'], questionOf(), 'deny'],
    ['a type that fits', ['forbid(principal is Agent in Tag::"finance", action, resource is Tool);'], questionOf(), 'deny'],
    ['a type that does not', ['forbid(principal is Tool, action, resource);'], questionOf(), 'allow'],
    ['a data source', ['forbid(principal, action, resource in DataSource::"hr");'], questionOf({ toolName: 'describe_data_source', facts: { data_source: 'hr' } }), 'deny'],
    ['a host', ['forbid(principal, action, resource in Host::"api.example.com");'], questionOf({ toolName: 'http_request', facts: { host: 'api.example.com' } }), 'deny'],
    ['a host among the arguments of an MCP tool, port or not', ['forbid(principal, action, resource in Host::"api.example.com");'], questionOf({ toolName: 'mcp_x', facts: { mcp_server: 'files', argument_hosts: ['api.example.com:8443'] } }), 'deny'],
    ['an MCP server', ['forbid(principal, action, resource in McpServer::"files");'], questionOf({ toolName: 'mcp_x', facts: { mcp_server: 'files' } }), 'deny'],
    ['a tool is not its own data source', ['forbid(principal, action, resource == DataSource::"hr");'], questionOf({ toolName: 'describe_data_source', facts: { data_source: 'hr' } }), 'allow'],
    ['outside recipients', ['forbid(principal, action, resource == Tool::"send_email") when { context has outside_recipient_count && context.outside_recipient_count >= 1 };'], email(), 'deny'],
    ['no outside recipients', ['permit(principal, action, resource == Tool::"send_email") when { context has outside_recipient_count && context.outside_recipient_count == 0 };'], email({ outside_recipient_count: 0 }), 'allow'],
    ['domains', ['forbid(principal, action, resource) when { context has outside_domains && context.outside_domains.containsAny(["other.org"]) };'], email(), 'deny'],
    ['a text argument', ['forbid(principal, action, resource) when { context.arguments.hasTag("subject") && context.arguments.getTag("subject") like "*invoice*" };'], questionOf({ facts: { arguments: { subject: 'An invoice for you' } } }), 'deny'],
    ['a number among the arguments', ['forbid(principal, action, resource) when { context.numbers.hasTag("amount") && context.numbers.getTag("amount") > 1000 };'], questionOf({ facts: { numbers: { amount: 1_001 } } }), 'deny'],
    ['an argument that is not there', ['forbid(principal, action, resource) when { context.arguments.hasTag("subject") && context.arguments.getTag("subject") like "*" };'], questionOf(), 'allow'],
    ['an argument named by another one', ['forbid(principal, action, resource) when { context.arguments.hasTag(context.environment) };'], questionOf({ facts: { arguments: { test: 'x' } } }), 'deny'],
    ['run totals', ['forbid(principal, action, resource) when { context.run.tool_calls >= 5 && context.run has cost_micro_usd && context.run.cost_micro_usd > 39 };'], questionOf(), 'deny'],
    ['taint', [`forbid(principal, ${unattended}, resource) when { context.read_from.contains("web_search") };`], questionOf(), 'ask'],
    ['time', [`forbid(principal, ${unattended}, resource) when { context.weekday >= 6 || context.hour < 7 };`], questionOf(), 'ask'],
    ['environment', ['forbid(principal, action, resource) when { context.environment == "test" };'], questionOf(), 'deny'],
    ['the agent', ['forbid(principal, action, resource) when { principal.name like "An*" && principal.tags.contains("finance") && principal has owner && principal.owner like "*@example.com" && principal.version > 2 };'], questionOf(), 'deny'],
    ['the agent in a condition', ['forbid(principal, action, resource) when { context.hour == 9 } when { principal in Tag::"finance" };'], questionOf(), 'deny'],
    ['the tool by name', ['forbid(principal, action, resource) when { resource.name like "look*" };'], questionOf(), 'deny'],
    ['the action in a condition', ['forbid(principal, action, resource) when { action == Action::"use_unattended" };'], questionOf(), 'ask'],
    ['unless', ['forbid(principal, action, resource) unless { context.environment == "production" };'], questionOf(), 'deny'],
  ])('%s', (_name, texts, question, verdict) => {
    const judged = setOf(...texts).judge(question);
    expect([judged.verdict, judged.problems]).toEqual([verdict, []]);
    for (const text of texts) expect(checkPolicySource({ cedar: text }).issues.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('are named with version, effect and their own reason', () => {
    const judged = setOf('@reason("Not on Sundays.")\nforbid(principal, action, resource) when { context.weekday == 7 };').judge(questionOf());
    expect(judged.matchedRules).toEqual([{ id: 'p1', name: 'Policy 1', version: 1, effect: 'deny', description: 'Not on Sundays.' }]);
    expect(judged.reason).toBe('Blocked by “Policy 1”: Not on Sundays.');
  });

  it('are told as near misses where their conditions do not hold, and not where they decide or are about something else', () => {
    const set = setOf(
      '@reason("Late.")\nforbid(principal, action, resource) when { context.hour >= 20 };',
      'forbid(principal, action, resource == Tool::"other") when { context.hour >= 20 };',
      `forbid(principal, ${unattended}, resource) when { context.hour >= 1 };`,
      `@reason("Loose.")\npermit(principal, ${any}, resource == Tool::"lookup") when { context.hour == 3 };`,
    );
    expect(set.nearMisses(questionOf())).toEqual([{ id: 'p1', name: 'Policy 1', effect: 'deny', description: 'Late.' }, { id: 'p4', name: 'Policy 4', effect: 'allow', description: 'Loose.' }]);
  });

  it('that ask by permitting no more keep whom they ask where another asks as well', () => {
    const fourEyes = '@approvers("role:admin") @quorum("2") @self_approval("forbidden") permit(principal, action == Action::"use", resource);';
    const alsoAsks = `forbid(principal, ${unattended}, resource);`;
    const critical = questionOf({ riskLevel: 'CRITICAL' });
    for (const texts of [[fourEyes, alsoAsks], [alsoAsks, fourEyes]]) {
      const judged = setOf(...texts).judge(critical);
      expect(judged).toMatchObject({ verdict: 'ask', terms: { requirements: [{ approvers: ['role:admin'], quorum: 2 }], forbids_self_approval: true } });
      expect(judged.matchedRules.map(({ id }) => id).toSorted()).toEqual(['p1', 'p2']);
    }
    // What would run by itself is asked about by the other alone, and a built-in policy says nothing where a written one does.
    expect(setOf(fourEyes, alsoAsks, `permit(principal, ${any}, resource);`).judge(critical).terms?.requirements).toEqual([]);
    expect(setOf(`@expires("60h") ${alsoAsks}`).judge(questionOf({ riskLevel: 'HIGH' })).terms?.expires_after_seconds).toBe(60 * 3_600);
  });

  it('that escalate say so of themselves alone', () => {
    const asks = (terms: string): string => `${terms} forbid(principal, ${unattended}, resource);`;
    const { terms } = setOf(asks('@approvers("group:sales") @escalate("1h: role:admin")'), asks('@approvers("group:finance") @escalate("1h: role:admin; 2h: group:board")')).judge(questionOf());
    expect(terms?.escalations).toEqual([
      { after_seconds: 3_600, approvers: ['role:admin'], policy_id: 'p1' }, { after_seconds: 3_600, approvers: ['role:admin'], policy_id: 'p2' }, { after_seconds: 7_200, approvers: ['group:board'], policy_id: 'p2' },
    ]);
  });

  it('that share a text are both named', () => {
    const text = 'forbid(principal, action, resource);';
    expect(setOf(text, text).judge(questionOf()).matchedRules.map(({ id }) => id)).toEqual(['p1', 'p2']);
  });
});

describe('what cannot be judged', () => {
  const onOutside = 'forbid(principal, action, resource == Tool::"send_email") when { context has outside_recipient_count && context.outside_recipient_count > 5 };';
  const allowMail = `permit(principal, ${any}, resource == Tool::"send_email");`;

  it.each<[string, unknown]>([['missing', undefined], ['unknown', null], ['a text', '1'], ['a fraction', 1.5], ['too large', 2 ** 60], ['a list', [1]], ['an object', { __entity: { type: 'Tag', id: 'x' } }]])('waits for a person where a number is %s', (_name, value) => {
    const judged = setOf(onOutside, allowMail).judge(email({ outside_recipient_count: value }));
    expect(judged.verdict).toBe('ask');
    expect(judged.problems).toEqual([expect.stringContaining('outside_recipient_count')]);
    expect(judged.reason).toContain('outside_recipient_count');
    expect(judged.matchedRules.map(({ id }) => id)).toContain('built-in.facts-missing');
    expect(judged.terms).toMatchObject({ expires_after_seconds: 86_400 });
  });

  it.each<[string, string, Record<string, unknown>]>([
    ['the agent', 'forbid(principal in Tag::"sales", action, resource);', { agent: undefined }],
    ['tags of the agent', 'forbid(principal in Tag::"sales", action, resource);', { agent: { id: 'x', name: 'y', version: 1, tags: 'sales' } }],
    ['the agent in a condition', 'forbid(principal, action, resource) when { context.hour > 3 } when { principal in Tag::"sales" };', { agent: null }],
    ['run totals', 'forbid(principal, action, resource) when { context.run.tool_calls > 100 };', { run: 'none' }],
    ['one of them', 'forbid(principal, action, resource) when { context.run.tokens > 100000 };', { run: { tool_calls: 1 } }],
    ['taint', 'forbid(principal, action, resource) when { context.read_from.contains("x") };', { taint: { read_from: [1] } }],
    ['time', 'forbid(principal, action, resource) when { context.hour > 22 };', { at: 'yesterday' }],
    ['environment', 'forbid(principal, action, resource) when { context.environment == "production" };', { environment: 7 }],
    ['arguments at all', 'forbid(principal, action, resource) when { context.arguments.hasTag("x") };', { arguments: undefined }],
    ['an argument of another type', 'forbid(principal, action, resource) when { context.arguments.hasTag("x") };', { arguments: { x: 3 } }],
    ['a long argument', 'forbid(principal, action, resource) when { context.arguments.hasTag("x") && context.arguments.getTag("x") like "*y*" };', { unreadable_arguments: ['x'] }],
    ['one of many arguments', 'forbid(principal, action, resource) when { context.numbers.hasTag("x") };', { unreadable_arguments: ['*'] }],
    ['a garbled list of what is unreadable', 'forbid(principal, action, resource) when { context.numbers.hasTag("x") };', { unreadable_arguments: 3 }],
    ['whichever argument', 'forbid(principal, action, resource) when { context.arguments.hasTag(context.risk) };', { unreadable_arguments: ['x'] }],
  ])('waits for a person: %s', (_name, text, facts) => {
    expect(checkPolicySource({ cedar: text }).issues.filter(({ severity }) => severity === 'error')).toEqual([]);
    const judged = setOf(text).judge(questionOf({ facts: facts as never }));
    expect(judged.verdict).toBe('ask');
    expect(judged.problems).not.toEqual([]);
  });

  it.each<[string, string, Record<string, unknown>]>([
    ['a fact', 'resource) when { context.numbers.hasTag("amount") && context.numbers.getTag("amount") >= 10000 };', { unreadable_arguments: ['amount'] }],
    ['where the agent stands', 'resource) when { context.hour >= 0 } when { principal in Tag::"sales" };', { agent: null }],
    ['whether it is about this call', 'resource in DataSource::"bank");', { data_source: 7 }],
    ['a number too large to reckon with', 'resource) when { context.run.tokens * 9223372036854775807 > 3 };', {}],
  ])('whoever a policy names decides where it cannot be told whether it asks: %s', (_what, rest, facts) => {
    const large = `@approvers("group:finance") @quorum("2") @self_approval("forbidden") forbid(principal, ${unattended}, ${rest}`;
    const judged = setOf(large, 'forbid(principal, action, resource == Tool::"other");', `@approvers("role:admin") forbid(principal, ${unattended}, resource) when { context.hour > 22 };`).judge(questionOf({ facts: facts as never }));
    expect(judged).toMatchObject({ verdict: 'ask', terms: { requirements: [{ policy_id: 'p1', approvers: ['group:finance'], quorum: 2 }], forbids_self_approval: true } });
    expect(judged.terms?.requirements).toHaveLength(1);
    expect(judged.matchedRules.map(({ id }) => id)).toEqual(['p1', 'built-in.facts-missing']);
  });

  it('blocks all the same where another policy blocks', () => {
    expect(setOf(onOutside, 'forbid(principal, action, resource);').judge(email({ outside_recipient_count: null })).verdict).toBe('deny');
  });
  it('is nobody\'s business where no policy about the call reads the fact', () => {
    expect(setOf(onOutside).judge(questionOf()).problems).toEqual([]);
    expect(setOf('forbid(principal in Tag::"sales", action, resource == Tool::"other");').judge(questionOf({ facts: { agent: null } as never })).problems).toEqual([]);
  });
  it('a policy that fails while it is evaluated counts as a problem, not as one that does not hold', () => {
    const judged = setOf('forbid(principal, action, resource) when { context.run.tokens * 9223372036854775807 > 3 };').judge(questionOf());
    expect(judged).toMatchObject({ verdict: 'ask', problems: [expect.stringContaining('Policy 1')] });
  });
  it.each(['forbid(', '', '// nothing', 'permit(principal == ?principal, action, resource);', '@quorum("many")\nforbid(principal, action == Action::"use_unattended", resource);', '\ud800'])('an unreadable policy makes every call wait and is named: %j', (cedar) => {
    const set = setOf(cedar, 'forbid(principal, action, resource == Tool::"other");');
    expect(set.judge(questionOf())).toMatchObject({ verdict: 'ask', problems: [expect.stringContaining('Policy 1')] });
    expect(set.judge(questionOf({ toolName: 'other' })).verdict).toBe('deny');
    expect(set.judge(questionOf({ riskLevel: 'CRITICAL' })).verdict).toBe('deny');
  });
  it('is told apart by what older records lack and what is not known', () => {
    const set = setOf(onOutside, 'forbid(principal in Tag::"sales", action, resource);');
    const { outside_recipient_count: _left, ...older } = emailFacts;
    expect(set.missingFacts(questionOf({ toolName: 'send_email', facts: older as never }))).toEqual(['outside_recipient_count']);
    expect(set.missingFacts(email({ outside_recipient_count: null }))).toEqual([]);
    expect(set.missingFacts(questionOf({ facts: { agent: undefined } as never }))).toContain('agent.tags');
    expect(set.missingFacts(email())).toEqual([]);
  });
});

describe('before arguments are known', () => {
  it('policies that look at them are near misses, and nothing is missed', () => {
    const set = setOf(
      'forbid(principal, action, resource == Tool::"send_email") when { context has outside_recipient_count && context.outside_recipient_count > 5 };',
      'forbid(principal, action, resource) unless { context.arguments.hasTag("subject") };',
      'forbid(principal, action, resource in DataSource::"hr");',
      `forbid(principal in Tag::"finance", ${unattended}, resource);`,
    );
    const { agent, run, environment, at } = questionOf().facts as never;
    const question = { toolName: 'send_email', riskLevel: 'MEDIUM' as const, effect: 'external' as const, facts: { agent, run, environment, at }, isBeforeArguments: true };
    expect(set.judge(question)).toMatchObject({ verdict: 'ask', problems: [], matchedRules: [{ id: 'p4' }] });
    expect(set.nearMisses(question).map(({ id }) => id)).toEqual(expect.arrayContaining(['p1', 'p2']));
    expect(set.nearMisses({ ...question, toolName: 'run_sql' }).map(({ id }) => id)).toEqual(expect.arrayContaining(['p2', 'p3']));
  });
});

describe('hostile records', () => {
  const reading = [
    'forbid(principal, action, resource) when { context.arguments.hasTag("__proto__") && context.arguments.getTag("__proto__") == "y" };',
    'forbid(principal, action, resource) when { context.arguments.hasTag("__entity") && context.arguments.getTag("__entity") == "y" };',
    'forbid(principal, action, resource) when { context.arguments.hasTag("constructor") && context.arguments.getTag("constructor") == "y" };',
  ];
  it.each(['__proto__', '__entity', '__extn', 'constructor', 'hasOwnProperty', 'a.b', '"', '\\', '🙂', ''].map((name) => [name]))('an argument named %j stays data', (name) => {
    const facts = JSON.parse(JSON.stringify({ arguments: {} }).replace('{}', `{${JSON.stringify(name)}: "y"}`)) as never;
    const isRead = ['__proto__', '__entity', 'constructor'].includes(name);
    expect(setOf(...reading).judge(questionOf({ facts }))).toMatchObject({ verdict: isRead ? 'deny' : 'allow', problems: [] });
  });
  it.each<[string, unknown]>([['entity', { __entity: { type: 'Tag', id: 'finance' } }], ['extension', { __extn: { fn: 'ip', arg: '1.1.1.1' } }], ['extension in a list', [{ __extn: { fn: 'decimal', arg: '1.0' } }]], ['huge list', Array.from({ length: 50_000 }, (_each, index) => `x${index}`)], ['nested list', [['a']]]])('a value that is an %s is of the wrong type', (_name, value) => {
    const text = 'forbid(principal, action, resource == Tool::"send_email") when { context has recipient_domains && context.recipient_domains.contains("never.example") };';
    expect(setOf(text, 'permit(principal, action, resource);').judge(email({ recipient_domains: value }))).toMatchObject({ verdict: 'ask', problems: [expect.stringContaining('recipient_domains')] });
  });
  it('text of any kind is compared as it is', () => {
    for (const text of ['\ud800', 'a\0b', '"); permit(principal, action, resource); //', '‮', 'x'.repeat(150)]) {
      const set = setOf('forbid(principal, action, resource) when { context.arguments.hasTag("x") && context.arguments.getTag("x") == "never" };');
      expect(set.judge(questionOf({ facts: { arguments: { x: text } } })).verdict).toBe(text.isWellFormed() ? 'allow' : 'ask');
    }
  });
  it('facts that no policy knows are ignored', () => {
    expect(verdictOf(['forbid(principal, action, resource) when { context.hour == 23 };'], questionOf({ facts: { anything: { __entity: 3 }, more: [null] } as never }))).toBe('allow');
  });
  it('tags and names of agents cannot become other entities', () => {
    const question = questionOf({ toolName: 'Tool::"x"', facts: { agent: { id: 'a', name: 'n', tags: ['x", Tag::"sales', 'Tag::sales'], version: 1, owner: null } } });
    expect(verdictOf(['forbid(principal in Tag::"sales", action, resource);', 'forbid(principal, action, resource == Tool::"x");'], question)).toBe('allow');
  });
});
