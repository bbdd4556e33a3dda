import type { Agent } from '@contracts/agents.ts';
import { Link } from '@tanstack/react-router';
import { Play } from 'lucide-react';
import { demoGoal } from '@/components/run-agent/demo.ts';
import { useStartRun } from '@/components/run-agent/use-start-run.ts';
import { Badge } from '@/components/ui/badge.tsx';
import { Button } from '@/components/ui/button.tsx';
import { FieldError } from '@/components/ui/field.tsx';
import { sentenceOf } from '@/lib/api-error.ts';
import { useCan } from '@/lib/auth.tsx';
import { setPreferences } from '@/lib/preferences.ts';

const story = ['Reads today’s support tickets from a database', 'Computes how the customers feel, in a sandbox', 'Wants to send an e-mail: that is HIGH risk, so it stops and asks you'];

/** The first thing on a new system: one press from here to a run that asks for approval. */
export const DemoCard = ({ agent }: { agent: Agent }) => {
  const { start, isBusy, error } = useStartRun();
  const canRun = useCan('runs:start');
  return (
    <section aria-labelledby="demo" data-slot="card" className="mb-4 rounded-card border border-primary bg-card p-4 sm:p-6">
      <div className="flex flex-wrap items-start justify-between gap-4">
        <div className="min-w-0">
          <h2 id="demo" className="flex flex-wrap items-center gap-2 text-title font-semibold">{agent.name}<Badge>Demo</Badge></h2>
          <p className="text-body text-muted-foreground">Scripted model, no key needed</p>
          <ol className="mt-3 flex list-inside list-decimal flex-col gap-1 text-body">
            {story.map((step) => <li key={step}>{step}</li>)}
          </ol>
        </div>
        <div className="flex flex-col items-stretch gap-2 max-sm:w-full">
          {canRun ? (
            <Button size="large" isBusy={isBusy} onClick={() => start({ agent_id: agent.id, inputs: { goal: demoGoal } })}>
              {!isBusy && <Play aria-hidden />}
              Run the demo
            </Button>
          ) : (
            <p className="text-row text-muted-foreground">Operators and admins may start it.</p>
          )}
          <div className="flex flex-wrap justify-center gap-x-4">
            <Button variant="link" size="inline" className="text-row" asChild><Link to="/maestro/agents/$agentId" params={{ agentId: agent.id }}>Look at the agent</Link></Button>
            <Button variant="link" size="inline" className="text-row" onClick={() => setPreferences({ isDemoHidden: true })}>Hide</Button>
          </div>
        </div>
      </div>
      <div role="alert">{error !== null && <div className="mt-3"><FieldError>{sentenceOf(error)}</FieldError></div>}</div>
    </section>
  );
};
