import type { Agent } from '@contracts/agents.ts';
import { runPhaseSchema } from '@contracts/runs.ts';
import { Link } from '@tanstack/react-router';
import { aboveRowLink } from '@/components/data-table/data-table.tsx';
import { RelativeTime, Unknown } from '@/components/figures.tsx';
import { StatePill } from '@/components/state-pill.tsx';
import { Badge } from '@/components/ui/badge.tsx';
import { cn } from '@/lib/cn.ts';
import { formatShare } from '@/lib/format.ts';

/** Words beside an agent's name: made for the demo, or thinking by script. */
export const AgentBadges = ({ agent }: { agent: Pick<Agent, 'is_demo' | 'llm_provider'> }) => (
  <>
    {agent.is_demo && <Badge>Demo</Badge>}
    {agent.llm_provider === 'scripted' && <Badge>Scripted</Badge>}
  </>
);

/** A share as bar and number; the number is the fact. */
export const SuccessRate = ({ share, runs }: { share: number | null; runs: number }) => {
  if (share === null) return <span className={cn(aboveRowLink, 'inline-block')}><Unknown reason={runs === 0 ? 'no run in the last 7 days' : 'none of the last 7 days’ runs has completed or failed yet'} /></span>;
  return (
    <span className="inline-flex items-center gap-2">
      <span aria-hidden data-slot="progress" className="h-2 w-10 overflow-hidden rounded-full bg-failed-solid">
        <span data-slot="progress-bar" className="block h-full origin-left bg-completed-solid" style={{ transform: `scaleX(${share})` }} />
      </span>
      <span className="tabular w-12">{formatShare(share)}</span>
    </span>
  );
};

/** State of the last run, a link to it, and when it was. */
export const LastRun = ({ run }: { run: Agent['stats']['last_run'] }) => {
  if (run === null) return <span className="text-muted-foreground">Never run</span>;
  const phase = runPhaseSchema.safeParse(run.status);
  return (
    <span className={cn(aboveRowLink, 'inline-flex flex-wrap items-center gap-x-2 gap-y-0.5')}>
      <Link to="/maestro/runs/$runId" params={{ runId: run.run_id }} className="rounded-full" aria-label={`Last run: ${run.status.replaceAll('_', ' ')}`}>
        {phase.success ? <StatePill phase={phase.data} /> : run.status}
      </Link>
      <RelativeTime at={run.created_at} className="text-caption text-muted-foreground" />
    </span>
  );
};

/** Number of runs that wait for a person, a link to them. */
export const Waiting = ({ agent }: { agent: Agent }) =>
  agent.stats.waiting === 0 ? (
    <span className="tabular text-muted-foreground">0</span>
  ) : (
    <Link to="/maestro/runs" search={{ agent: agent.id, status: 'waiting_for_approval' }} className={cn(aboveRowLink, 'tabular inline-flex h-6 min-w-6 items-center justify-center rounded-full bg-waiting-tint px-2 font-medium text-waiting-text')} aria-label={`${agent.stats.waiting} waiting for approval`}>
      {agent.stats.waiting}
    </Link>
  );

/** The first three tools, and how many more. */
export const ToolNames = ({ tools }: { tools: readonly string[] }) => {
  if (tools.length === 0) return <span className="text-caption text-muted-foreground">no tools</span>;
  const rest = tools.length - 3;
  return (
    <span className="flex min-w-0 gap-1 text-caption text-muted-foreground" title={tools.join(', ')}>
      <span className="min-w-0 truncate font-mono">{tools.slice(0, 3).join(', ')}</span>
      {rest > 0 && <span className="shrink-0">+{rest}<span className="sr-only"> more: {tools.slice(3).join(', ')}</span></span>}
    </span>
  );
};

/** Words policies know the agent by. */
export const AgentTags = ({ tags }: { tags: readonly string[] }) => (
  <ul aria-label="Tags" className="flex flex-wrap gap-1">{tags.map((tag) => <li key={tag}><Badge>{tag}</Badge></li>)}</ul>
);
