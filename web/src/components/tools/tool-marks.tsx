import type { ToolDescription } from '@contracts/agents.ts';
import type { ToolEffect } from '@contracts/tools.ts';
import { Link } from '@tanstack/react-router';
import { useCan } from '@/lib/auth.tsx';
import { Badge } from '../ui/badge.tsx';

/** What a tool does to the world, in a word and in a sentence. */
export const toolEffectWords: Record<ToolEffect, { word: string; meaning: string }> = {
  none: { word: 'reads only', meaning: 'Reads only; may be tried again.' },
  idempotent: { word: 'changes, safe to repeat', meaning: 'Changes something, but the same call twice counts once.' },
  external: { word: 'acts outside', meaning: 'Acts outside and is never sent twice: when its outcome is unknown, a person is asked.' },
};

type Marked = Pick<ToolDescription, 'name' | 'is_enabled' | 'is_configured' | 'configuration_hint' | 'mcp_server'>;

/** Where a tool is switched on and set up. */
export const placeOfTool = ({ name, mcp_server: server, is_enabled: isEnabled }: Marked): { tab: 'tools' | 'mcp-servers' | 'data-sources'; id?: string } => {
  if (server !== null) return { tab: 'mcp-servers' };
  // What it lacks are data sources; whether it may be used at all is said among the tools.
  if (name === 'run_sql' && isEnabled) return { tab: 'data-sources' };
  return { tab: 'tools', id: name };
};

/** A mark on a tool that cannot be used at the moment. */
export const ToolStateBadge = ({ tool }: { tool: Marked }) => {
  if (!tool.is_enabled) return <Badge className="bg-waiting-tint text-waiting-text">Not offered</Badge>;
  return tool.is_configured ? null : <Badge className="bg-waiting-tint text-waiting-text">Not configured</Badge>;
};

/** Why a tool cannot be used at the moment and where that is changed; nothing when it can. */
export const ToolStateHint = ({ tool }: { tool: Marked }) => {
  const canChange = useCan('integrations:write');
  if (tool.is_enabled && tool.is_configured) return null;
  return (
    <span className="block">
      {tool.configuration_hint}
      {!tool.is_enabled && ' It may stay in the definition; models are not offered it until then.'}{' '}
      <Link to="/integrations" search={placeOfTool(tool)} className="relative z-10 text-primary underline underline-offset-2 hover:no-underline">{canChange ? 'Change this' : 'See'} under Integrations</Link>
    </span>
  );
};
