import type { Run, Step } from '@contracts/runs.ts';
import { Download } from 'lucide-react';
import { useMemo } from 'react';
import { JsonView } from '@/components/json-view.tsx';
import { Button } from '@/components/ui/button.tsx';
import { countOf } from '@/lib/format.ts';
import { saveJson } from '../save-json.ts';

const stepsShown = 100;

/** The records as the API answers them. Bodies above 16 kB are left out here too: the step's own address has them. */
export const RunJson = ({ run, steps, isWhole }: { run: Run; steps: readonly Step[]; isWhole: boolean }) => {
  const value = useMemo(() => ({ run, steps: steps.slice(0, stepsShown) }), [run, steps]);
  return (
    <section aria-label="JSON" className="flex min-w-0 flex-col gap-2">
      <div className="flex flex-wrap items-center justify-between gap-2 text-row text-muted-foreground">
        <span>{steps.length > stepsShown ? `The first ${stepsShown} of ${countOf(steps.length, 'step')}; the download has all.` : countOf(steps.length, 'step')}</span>
        <Button variant="outline" size="small" disabled={!isWhole} onClick={() => saveJson(`run-${run.run_id}.json`, { run, steps })}><Download aria-hidden />Download</Button>
      </div>
      <JsonView value={value} label="run" />
    </section>
  );
};
