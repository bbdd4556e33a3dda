import type { PolicyText } from '../../engine/safety/index.ts';

const scopes = [
  (index: number) => ['principal', `resource == Tool::"mcp_tool_${index}"`],
  (index: number) => [`principal in Tag::"team-${index % 50}"`, 'resource == Tool::"send_email"'],
  (index: number) => [`principal == Agent::"00000000-0000-4000-8000-${String(index).padStart(12, '0')}"`, 'resource'],
  (index: number) => ['principal', `resource in DataSource::"source_${index % 40}"`],
  (index: number) => ['principal', `resource in Host::"api${index}.example.com"`],
];
const conditions = [
  (index: number) => `context has outside_recipient_count && context.outside_recipient_count > ${index}`,
  (index: number) => `context has tables && context.tables.contains("table_${index}")`,
  (index: number) => `context.run.tool_calls > ${20 + index}`,
  (index: number) => `context.arguments.hasTag("subject") && context.arguments.getTag("subject") like "*word ${index}*"`,
  () => 'context.hour < 6',
];
const actions = ['action == Action::"use_unattended"', 'action in [Action::"use", Action::"use_unattended"]'];

/** Policies as an organisation writes them: most about one tool, tag, agent, source or host; one in ten about every call. */
export const writtenPolicies = (count: number): PolicyText[] =>
  Array.from({ length: count }, (_each, index) => {
    const [principal, resource] = index % 10 === 9 ? ['principal', 'resource'] : (scopes[index % scopes.length] as (index: number) => string[])(index);
    const condition = (conditions[index % conditions.length] as (index: number) => string)(index);
    const cedar = `@reason("Rule ${index}.")\nforbid(${principal}, ${actions[index % 3 === 0 ? 1 : 0]}, ${resource})\nwhen { ${condition} };`;
    return { id: `00000000-0000-4000-9000-${String(index).padStart(12, '0')}`, name: `Policy ${index}`, version: 1, cedar };
  });
