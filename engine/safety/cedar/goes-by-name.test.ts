import { describe, expect, it } from 'vitest';
import { goesByName } from './goes-by-name.ts';

const asks = (cedar: string, name = 'finance') => goesByName(cedar, { thing: 'DataSource', names: [name] });
const when = (condition: string): string => `forbid (principal, action, resource) when { context has data_source && ${condition} };`;

describe('a policy goes by a name', () => {
  it.each([
    ['in its scope', 'forbid (principal, action, resource in DataSource::"finance");'],
    ['in its scope, beside a type', 'forbid (principal, action, resource is Tool in DataSource::"finance");'],
    ['in escapes', String.raw`forbid (principal, action, resource in DataSource::"fin\u{61}nce");`],
    ['behind comments', 'forbid (principal, action, resource in DataSource // one\n // two\n :: // "three"\n "finance");'],
    ['among others', 'permit (principal, action, resource) when { resource in [DataSource::"shop", DataSource::"finance"] };'],
    ['as the fact', when('context.data_source == "finance"')],
    ['as the fact, in escapes', when(String.raw`context["data_source"] != "fin\x61nce"`)],
    ['in a list', when('["shop", "finance"].contains(context.data_source)')],
    ['in a set of the fact', when('[context.data_source].containsAny(["finance"])')],
    ['as one of many', when('context.data_source like "f*n*e"')],
    ['as what is chosen', when('(if context.risk_level > 2 then context.data_source else "none") == "finance"')],
    ['as an argument', 'forbid (principal, action, resource) unless { context.arguments.hasTag("data_source") && context.arguments.getTag("data_source") == "finance" };'],
    ['as another fact has it', when('principal.tags.contains(context.data_source)')],
  ])('%s', (_where, cedar) => {
    expect(asks(cedar)).toBe('yes');
  });

  it.each([
    ['another has', 'forbid (principal, action, resource in DataSource::"shop");'],
    ['a thing of another kind has', 'forbid (principal, action, resource in McpServer::"finance");'],
    ['a comment or an annotation has', '// DataSource::"finance"\n@reason("DataSource::\\"finance\\"") @type("DataSource") @id("finance")\nforbid (principal, action, resource);'],
    ['another fact is compared with', when('context.data_source == "shop" && context.environment == "finance" && context.path like "*"')],
    ['has no star', when(String.raw`context.data_source like "fin\*"`)],
    ['is shorter than both ends', when('context.data_source like "finan*nance"')],
    ['has its pieces in another order', when('context.data_source like "*nan*fi*"')],
    ['is any', when('context.data_source like "**"')],
  ])('but not by one that %s', (_what, cedar) => {
    expect(asks(cedar)).toBe('no');
  });

  it('with a star of its own', () => {
    expect(asks(when(String.raw`context.data_source like "fin\**"`), 'fin*ance')).toBe('yes');
  });

  it('that may be told in no time however many stars there are', () => {
    expect(asks(when(`context.data_source like "${'*a'.repeat(60)}*b"`), 'a'.repeat(64))).toBe('no');
  });

  it('or it is not known, where the text cannot be read', () => {
    for (const cedar of ['forbid (principal, action, resource in DataSource::"shop"', 'permit (principal, action, resource in ?resource);']) expect(asks(cedar)).toBe('unknown');
  });

  it('also of a server', () => {
    const cedar = 'forbid (principal, action, resource) when { context has mcp_server && context.mcp_server like "Files*" };';
    expect(goesByName(cedar, { thing: 'McpServer', names: ['Mail', 'Files of ours'] })).toBe('yes');
    expect(goesByName(cedar, { thing: 'DataSource', names: ['Files of ours'] })).toBe('no');
  });
});
