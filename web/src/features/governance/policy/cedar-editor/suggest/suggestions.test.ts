import type { PolicyFact } from '@contracts/policy-words.ts';
import { describe, expect, test } from 'vitest';
import { changeFor, type Suggestion } from './suggestion.ts';
import { meaningAt, suggestionsAt } from './suggestions.ts';
import { toVocabulary } from './vocabulary.ts';

const fact = (attribute: string, type: PolicyFact['type'], more: Partial<PolicyFact> = {}): PolicyFact => ({ name: attribute, attribute, type, description: `Of ${attribute}.`, is_always_known: true, tools: [], operators: [], ...more });
const ofTool = (tool: string) => ({ is_always_known: false, tools: [tool] });
const word = (name: string) => ({ name, description: `Of ${name}.` });

const vocabulary = toVocabulary(
  {
    items: [
      fact('context.risk', 'text'), fact('context.hour', 'number'), fact('principal.name', 'text'), fact('principal.tags', 'text_set'), fact('principal.owner', 'text', { is_always_known: false }), fact('context.run.tokens', 'number'),
      fact('context.host', 'text', ofTool('http_request')), fact('context.recipient_count', 'number', ofTool('send_email')), fact('context.outside_domains', 'text_set', ofTool('send_email')),
    ],
    words: {
      entity_types: [{ ...word('Agent'), stands_in: ['Tag'] }, { ...word('Tag'), stands_in: [] }, { ...word('Tool'), stands_in: ['Host'] }, { ...word('Host'), stands_in: [] }],
      actions: [word('use'), word('use_unattended')],
      variables: [{ ...word('principal'), entity_type: 'Agent' }, { ...word('action'), entity_type: 'Action' }, { ...word('resource'), entity_type: 'Tool' }, { ...word('context'), entity_type: null }],
      attributes: [{ ...word('resource.name'), type: 'text' }, { ...word('context.run'), type: 'record' }, { ...word('context.arguments'), type: 'text_tags' }, { ...word('context.numbers'), type: 'number_tags' }],
      annotations: [{ ...word('reason'), hint: 'Write a sentence.' }, { ...word('quorum'), hint: null }],
    },
    cedar_schema: '',
  },
  { Tool: [{ value: 'send_email', meaning: 'Sends.' }, { value: 'run_sql' }], Agent: [{ value: '0199-a', label: 'Support', meaning: '0199-a' }], Tag: [{ value: 'say "x"' }] },
);

/** A text with `|` where the cursor is. */
const at = (marked: string): [text: string, position: number] => [marked.replace('|', ''), marked.indexOf('|')];
const offered = (marked: string) => suggestionsAt(...at(marked), vocabulary);
const names = (marked: string): string[] => offered(marked)?.items.map(({ name }) => name) ?? [];
const named = (marked: string, name: string): Suggestion => {
  const found = offered(marked)?.items.find((item) => item.name === name);
  if (found === undefined) throw new Error(`${name} is not offered: ${names(marked).join(', ')}`);
  return found;
};
/** The text once something is chosen, with `|` where the cursor is then. */
const chosen = (marked: string, name: string): string => {
  const [text, position] = at(marked);
  const { from, to, insert, cursor } = changeFor(named(marked, name), text, offered(marked)?.from ?? 0, position);
  const after = text.slice(0, from) + insert + text.slice(to);
  return `${after.slice(0, cursor)}|${after.slice(cursor)}`;
};

const scope = 'permit (principal, action, resource)';
const inside = (expression: string): string => `${scope}\nwhen { ${expression} };`;

test.each([
  ['an empty text', '|', ['permit', 'forbid', '@reason', '@quorum']],
  ['a word begun', 'per|', ['permit', 'forbid', '@reason', '@quorum']],
  ['what follows a statement', `${scope};\n|`, ['permit', 'forbid', '@reason', '@quorum']],
  ['what follows an annotation', '@reason("x")\n|', ['permit', 'forbid', '@quorum']],
  ['an annotation begun', '@|', ['@reason', '@quorum']],
  ['an annotation of the second statement', `@reason("x")\n${scope};\n@re|`, ['@reason', '@quorum']],
  ['an annotation while the statement before it is not closed', 'permit (principal,\n@re|', ['@reason', '@quorum']],
  ['the first side', 'permit (|', ['principal']],
  ['the second side', 'permit (principal in [Agent::"a", Agent::"b"], |', ['action']],
  ['the third side', 'permit (principal, action, res|', ['resource']],
  ['a fourth side', 'permit (principal, action, resource, |', []],
  ['the operator of a side', 'permit (principal |', ['==', 'in', 'is']],
  ['the operator of the action', 'permit (principal, action |', ['==', 'in']],
  ['the agent', 'permit (principal == |', ['Agent', 'Agent::"0199-a"']],
  ['what an agent stands in', 'permit (principal in |', ['Agent', 'Tag', 'Agent::"0199-a"', 'Tag::"say \\"x\\""']],
  ['the action', 'permit (principal, action == Act|', ['Action::"use"', 'Action::"use_unattended"']],
  ['one of several actions', 'permit (principal, action in [Action::"use", |', ['Action::"use"', 'Action::"use_unattended"']],
  ['the tool', 'permit (principal, action, resource == |', ['Tool', 'Tool::"send_email"', 'Tool::"run_sql"']],
  ['what a tool stands in, of its type', 'permit (principal, action, resource is Tool in |', ['Tool', 'Host', 'Tool::"send_email"', 'Tool::"run_sql"']],
  ['a type', 'permit (principal is |', ['Agent', 'Tag', 'Tool', 'Host']],
  ['a tool by name', 'permit (principal, action, resource == Tool::"se|', ['send_email', 'run_sql']],
  ['a tool before its quotes', 'permit (principal, action, resource == Tool::|', ['"send_email"', '"run_sql"']],
  ['an entity of a type nobody knows', inside('Planet::"|'), []],
  ['what follows the scope', `${scope} |`, ['when', 'unless']],
  ['what follows a condition', inside('true').replace(';', '|'), ['when', 'unless']],
  ['what follows a word that wants its bracket', 'permit |', []],
])('%s', (_place, marked, expected) => expect(names(marked)).toEqual(expected));

describe('inside a condition', () => {
  test.each([
    ['facts', 'context.|', ['risk', 'hour', 'host', 'recipient_count', 'outside_domains', 'run', 'arguments', 'numbers']],
    ['facts, half typed', 'context.ri|', ['risk', 'hour', 'host', 'recipient_count', 'outside_domains', 'run', 'arguments', 'numbers']],
    ['facts of the run', 'context.run.|', ['tokens']],
    ['attributes of the agent, over lines', 'true &&\n  principal\n    .|', ['name', 'tags', 'owner']],
    ['attributes of the tool', 'resource.|', ['name']],
    ['attributes to ask for', 'context has |', ['risk', 'hour', 'host', 'recipient_count', 'outside_domains', 'run', 'arguments', 'numbers']],
    ['what a set can do', 'principal.tags.|', ['contains', 'containsAll', 'containsAny', 'isEmpty']],
    ['what a written set can do', '["a", "b"].con|', ['contains', 'containsAll', 'containsAny', 'isEmpty']],
    ['values by name', 'context.arguments.|', ['hasTag', 'getTag']],
    ['what an address can do', 'ip("10.0.0.1").|', ['isInRange', 'isIpv4', 'isIpv6', 'isLoopback', 'isMulticast']],
    ['what a moment gives', 'datetime("2026-01-01").toTime().|', ['toMilliseconds', 'toSeconds', 'toMinutes', 'toHours', 'toDays']],
    ['a text, which can do nothing', 'context.risk.|', []],
    ['a value by name, which is a text', 'context.arguments.getTag("to").|', []],
    ['a fact nobody knows', 'context.rsik.|', []],
    ['a name in no record', 'nothing.|', []],
    ['an agent to compare with', 'principal == |', ['Agent', 'Agent::"0199-a"']],
  ])('%s', (_place, expression, expected) => expect(names(inside(expression))).toEqual(expected));

  test('a value is a variable, yes or no, an entity or a function; after a value comes an operator', () => {
    for (const expression of ['|', 'context.hour > |', '!|', '(|', '[|', 'true && pr|', 'if |']) expect(names(inside(expression)), expression).toEqual(expect.arrayContaining(['principal', 'context', 'if', 'true', 'Tool', 'Action', 'ip']));
    for (const expression of ['context.hour |', 'true a|', '"a" |', '(true) |', 'context has host |', 'principal is Agent |']) expect(names(inside(expression)), expression).toEqual(expect.arrayContaining(['&&', '==', 'has', 'like', 'in']));
    // What follows the cursor does not matter, nor whether it is closed.
    expect(names(`${scope}\nwhen { context.hour > 3 && |\npermit (`)).toContain('principal');
  });

  test('nothing in comments, texts and numbers, whatever they say', () => {
    for (const expression of ['// context.|', 'true // permit|', '"context.|', '"context.|"', 'context.risk == "LO|W"', '"a \\" context.|"', '1|', 'context.hour > 12|', '"two\n lines context.|"', 'context["ri|']) expect(offered(inside(expression)), expression).toBeUndefined();
    for (const text of ['// |', '@reason("|', '@reason(|', '@reason("permit (|")', '@reason(|)', '@reason |', 'permit (principal == "Tool::|']) expect(offered(text), text).toBeUndefined();
    expect(names('// a comment\n|')).toContain('permit');
  });
});

test('each says its type and what it means, in the words of the catalogue', () => {
  expect(named(inside('context.|'), 'host')).toMatchObject({ detail: 'text · http_request · ask with “has” first', meaning: 'Of context.host.' });
  expect(named(inside('context.|'), 'arguments')).toMatchObject({ detail: 'texts by name', meaning: 'Of context.arguments.' });
  expect(named('@|', '@reason')).toMatchObject({ detail: 'annotation', meaning: 'Of reason. Write a sentence.' });
  expect(named('permit (principal, action == |', 'Action::"use"')).toMatchObject({ detail: 'Action', meaning: 'Of use.' });
  expect(named('permit (principal, action, resource == |', 'Tool::"send_email"')).toMatchObject({ detail: 'Tool', meaning: 'Sends.' });
  expect(named('permit (principal == |', 'Agent::"0199-a"')).toMatchObject({ label: 'Support', alias: 'Agent::"0199-a"' });
});

test('it opens by itself where a word is begun or one of a list must follow, and else when asked', () => {
  for (const marked of ['p|', '@|', inside('context.|'), inside('context has |'), 'permit (principal in |', 'permit (principal, action, resource == Tool::"|']) expect(offered(marked)?.opens, marked).toBe(true);
  for (const marked of ['|', 'permit (|', `${scope} |`, inside('|'), inside('context.hour |')]) expect(offered(marked)?.opens, marked).toBe(false);
});

test('facts of the tools a statement names come first, and those none of its calls has come last', () => {
  const boosts = offered('permit (principal, action, resource == Tool::"send_email") when { context.|')?.items.map(({ name, boost }) => [name, boost]);
  expect(Object.fromEntries(boosts ?? [])).toMatchObject({ risk: 0, recipient_count: 1, outside_domains: 1, host: -1 });
});

describe('what is chosen is written', () => {
  test.each([
    ['a statement with its parts', 'per|', 'permit', 'permit (principal, action, resource)\nwhen { | };'],
    ['only the word, where its brackets stand already', 'per| (principal);', 'permit', 'permit| (principal);'],
    ['an annotation with its quotes', '@re|', '@reason', '@reason("|")'],
    ['the whole word, from its middle', inside('context.ri|sk == 1'), 'risk', inside('context.risk| == 1')],
    ['a name and the end of its quotes', 'permit (principal, action, resource == Tool::"se|', 'send_email', 'permit (principal, action, resource == Tool::"send_email"|'],
    ['a name instead of another one', 'permit (principal, action, resource == Tool::"|run_sql");', 'send_email', 'permit (principal, action, resource == Tool::"send_email"|);'],
    ['a type with quotes for the name', inside('To|'), 'Tool', inside('Tool::"|"')],
    ['only the type, where a name follows', inside('To|::"x"'), 'Tool', inside('Tool|::"x"')],
    ['a method with its brackets', inside('principal.tags.|'), 'contains', inside('principal.tags.contains(|)')],
    ['a method that takes nothing', inside('principal.tags.|'), 'isEmpty', inside('principal.tags.isEmpty()|')],
    ['a name with what Cedar would read otherwise', 'permit (principal in Tag::"|"', 'say \\"x\\"', 'permit (principal in Tag::"say \\"x\\""|'],
    ['a fact that may be missing, asked for first', inside('context.ho|'), 'host', inside('context has host && context.host|')],
    ['so in brackets of a condition', inside('true && (context.|'), 'host', inside('true && (context has host && context.host|')],
    ['and of the agent', inside('principal.|'), 'owner', inside('principal has owner && principal.owner|')],
    ['not where the statement asks already', inside('context has host && context.|'), 'host', inside('context has host && context.host|')],
    ['not where that would be no value', inside('["a"].contains(context.|'), 'host', inside('["a"].contains(context.host|')],
    ['not behind a sign that binds more', inside('1 + context.|'), 'recipient_count', inside('1 + context.recipient_count|')],
  ])('%s', (_what, marked, name, expected) => expect(chosen(marked, name)).toBe(expected));
});

test('a word means what would be offered in its place', () => {
  const text = '@reason("x")\npermit (principal in Tag::"a", action == Action::"use", resource == Tool::"send_email")\nwhen { context has host && context.host like "*.example.com" };';
  const meaning = (name: string, nth = 0): string | undefined => {
    const from = [...text.matchAll(new RegExp(name, 'g'))][nth]?.index ?? -1;
    return meaningAt(text, from, from + name.length, vocabulary)?.meaning;
  };
  expect([meaning('host'), meaning('host', 1)]).toEqual(['Of context.host.', 'Of context.host.']);
  expect([meaning('@reason'), meaning('principal'), meaning('Tag'), meaning('use'), meaning('send_email')]).toEqual(['Of reason. Write a sentence.', 'Of principal.', 'Of Tag.', 'Of use.', 'Sends.']);
  expect([meaning('permit'), meaning('when'), meaning('like')].every((said) => said !== undefined && said !== '')).toBe(true);
  expect([meaning('example'), meaning('x')]).toEqual([undefined, undefined]);
});
