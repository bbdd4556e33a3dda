import type { Agent } from '@contracts/agents.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Play } from 'lucide-react';
import { PageHeader } from '@/components/layout/page-header.tsx';
import { findDemoAgent } from '@/components/run-agent/demo.ts';
import { Button } from '@/components/ui/button.tsx';
import { apiQuery } from '@/lib/api-query.ts';
import { useCan } from '@/lib/auth.tsx';
import { usePreferences } from '@/lib/preferences.ts';
import { Broken } from './components/broken.tsx';
import { DemoCard } from './components/demo-card.tsx';
import { HealthAlert, HealthStrip } from './components/health.tsx';
import { LiveRuns } from './components/live-runs.tsx';
import { NeedsYou } from './components/needs-you.tsx';
import { NextSteps } from './components/next-steps.tsx';
import { FigureTiles } from './components/tiles.tsx';

/** The demo until it was run, then what comes after it. A system with very many agents is past both. */
const useFirstRun = (): { demo: Agent | undefined; next: Agent[] | undefined } => {
  const agents = useQuery(apiQuery('listAgents', { query: { limit: 200 } }));
  const { isDemoHidden, isChecklistDismissed } = usePreferences();
  const demo = findDemoAgent(agents.data?.items);
  const isFirst = demo !== undefined && demo.stats.last_run === null && !isDemoHidden;
  return {
    demo: isFirst ? demo : undefined,
    next: isFirst || isChecklistDismissed || agents.data === undefined || agents.data.next_cursor !== null ? undefined : agents.data.items,
  };
};

/** Does anything wait for me, did anything break, what is running and what does it cost today. */
export const DashboardPage = () => {
  const canRun = useCan('runs:start');
  const { demo, next } = useFirstRun();
  return (
    <>
      <PageHeader title="Dashboard" actions={canRun && <Button asChild><Link to="/agents"><Play aria-hidden />Run agent</Link></Button>} />
      <HealthAlert />
      {demo !== undefined && <DemoCard agent={demo} />}
      <div className="flex flex-col gap-4">
        <div className="grid gap-4 lg:grid-cols-2">
          <NeedsYou />
          <Broken />
        </div>
        <FigureTiles />
        {next !== undefined && <NextSteps agents={next} />}
        <LiveRuns />
        <HealthStrip />
      </div>
    </>
  );
};
