import type { Run, Step } from '@contracts/runs.ts';
import { Link } from '@tanstack/react-router';
import { useLayoutEffect, useRef } from 'react';
import { PageHeader } from '@/components/layout/page-header.tsx';
import { StatePill } from '@/components/state-pill.tsx';
import { Badge } from '@/components/ui/badge.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { shortId } from '@/lib/format.ts';
import { RunActions } from './run-actions.tsx';
import { RunFigures } from './run-figures.tsx';

/** Height of the shell's top bar, below which this one sticks. */
const topBarPx = 48;

/** Tells the page how much of its top is covered, so that whatever receives the focus is scrolled clear of it. */
const useCoveredTop = (): React.RefObject<HTMLDivElement | null> => {
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const { style } = document.documentElement;
    const tell = (): void => {
      const isSticky = getComputedStyle(element).position === 'sticky';
      const covered = topBarPx + (isSticky ? element.offsetHeight : 0);
      style.scrollPaddingTop = `${covered + 8}px`;
      style.setProperty('--covered-top', `${covered}px`);
    };
    const observer = new ResizeObserver(tell);
    observer.observe(element);
    tell();
    return () => {
      observer.disconnect();
      style.removeProperty('scroll-padding-top');
      style.removeProperty('--covered-top');
    };
  }, []);
  return ref;
};

/** Where the run is, what it is for, what it cost, and what can be done with it. Stays in view from 640 px on. */
export const RunHeader = ({ run, receivedAt, waitingStep }: { run: Run; receivedAt: number; waitingStep: Step | undefined }) => {
  const ref = useCoveredTop();
  return (
    <div ref={ref} className="z-20 -mx-4 -mt-4 mb-4 border-b bg-background px-4 pt-3 pb-2 sm:sticky sm:top-12 sm:-mx-6 sm:-mt-6 sm:px-6">
      <PageHeader
        className="mb-1 lg:flex-nowrap lg:[&>*:last-child]:shrink-0"
        title={`Run ${shortId(run.run_id)}`}
        crumbs={[{ label: 'Agents', to: '/agents' }, { label: run.agent_name, to: `/maestro/agents/${run.agent_id}` }]}
        heading={
          <>
            <StatePill phase={run.status} />
            <span className="line-clamp-2 min-w-0 flex-1 basis-64 text-title sm:line-clamp-1" title={run.goal}><UntrustedText text={run.goal} /></span>
          </>
        }
        description={
          <span className="flex flex-wrap items-center gap-x-2 text-row">
            <Link to="/maestro/agents/$agentId" params={{ agentId: run.agent_id }} className="text-foreground underline underline-offset-2 hover:no-underline">{run.agent_name}</Link>
            <span>version {run.agent_version}</span>
            {run.is_demo && <Badge>Demo</Badge>}
            {run.llm_provider === 'scripted' ? <Badge>Scripted model</Badge> : <span>{run.llm_model}</span>}
            <span>run <code>{shortId(run.run_id)}</code></span>
            {run.started_by !== null && <span>by {run.started_by}</span>}
          </span>
        }
        actions={<RunActions run={run} />}
      />
      <RunFigures run={run} receivedAt={receivedAt} waitingStep={waitingStep} />
    </div>
  );
};
