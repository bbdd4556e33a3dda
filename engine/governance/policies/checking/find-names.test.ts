import { describe, expect, it } from 'vitest';
import { findNames } from './find-names.ts';

const namesOf = (cedar: string) => findNames(cedar).map(({ kind, name, place }) => `${kind} ${name} ${place.line}:${place.column}-${place.end_line}:${place.end_column}`);

describe('findNames', () => {
  it('finds tools, agents, tags, data sources and servers where they stand', () => {
    expect(namesOf(`forbid (
  principal in Tag::"finance",
  action,
  resource == Maestro::Tool :: "send_email"
) when { principal == Agent::"3f" || resource in DataSource::"shop" || resource in McpServer::"Files" };`)).toEqual([
      'Tag finance 2:22-2:29', 'Tool send_email 4:33-4:43', 'Agent 3f 5:31-5:33', 'DataSource shop 5:63-5:67', 'McpServer Files 5:96-5:101',
    ]);
  });

  it('finds groups and people who are to decide, roles are always there', () => {
    expect(namesOf(`@approvers("group:finance, user:ana@example.com, role:approver")
@escalate( "1h: group:managers; 4h: user:ben@example.com, role:admin")
permit (principal, action, resource);`)).toEqual(['group finance 1:13-1:26', 'user ana@example.com 1:28-1:48', 'group managers 2:17-2:31', 'user ben@example.com 2:37-2:57']);
  });

  it('reads names with quotes, and names that end with the text', () => {
    expect(namesOf(String.raw`permit (principal, action, resource in McpServer::"a \"b\"") when { principal in Tag::"open`)).toEqual([
      'McpServer a "b" 1:52-1:59', 'Tag open 1:88-1:92',
    ]);
  });

  it('reads escapes and goes past comments as Cedar does; what no name can hold stays as it is written', () => {
    expect(namesOf(String.raw`permit (principal in Tag::"fin\u{61}\x6ec\u{0_065}", action, resource in DataSource // of "ours"
  // :: both
  ::// and
  "a\tb") when { principal in Tag::"\0\u{0}\u{d800}\u{110000}\u{_}" };`)).toEqual(['Tag finance 1:28-1:51', 'DataSource a\tb 4:4-4:8', String.raw`Tag \0\u{0}\u{d800}\u{110000}\u{_} 4:37-4:67`]);
  });

  it('looks at each character of comments once', () => {
    expect(namesOf(`DataSource ${'// // // '.repeat(2_000)}`)).toEqual([]);
    expect(namesOf('DataSource // //\n'.repeat(1_000))).toEqual([]);
  });

  it('takes nothing from comments and other strings, also of text that does not parse', () => {
    expect(namesOf(`// Tool::"a" and @approvers("group:b")
@reason("ask group:c about Tool::\\"d\\"")
permit (principal, action, resource) when { context.subject like "Tool::*" && "Agent::\\"x\\"" == "y" } forbid Tag::"late" "open`)).toEqual(['Tag late 3:116-3:120']);
  });
});
