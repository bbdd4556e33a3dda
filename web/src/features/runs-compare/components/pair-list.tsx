import type { Step } from '@contracts/runs.ts';
import { ArrowDown, ChevronRight, Equal, EqualNot, Minus, Plus } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { MoreRows } from '@/components/data-table/more-rows.tsx';
import { Duration } from '@/components/figures.tsx';
import { StepKindIcon } from '@/components/step-kind-icon.tsx';
import { stepName, StepStatusMark } from '@/components/trace/step-status.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Label } from '@/components/ui/label.tsx';
import { Switch } from '@/components/ui/switch.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { useShortcuts } from '@/hooks/use-shortcuts.ts';
import { cn } from '@/lib/cn.ts';
import { countOf } from '@/lib/format.ts';
import type { PairMark, StepPair } from '../align-steps.ts';
import type { CompareProps } from '../search.ts';
import { PairDetails } from './pair-details.tsx';

const pageSize = 200;
const marks: Record<PairMark, { word: string; icon: typeof Equal; className: string }> = {
  same: { word: 'Same', icon: Equal, className: 'text-muted-foreground' },
  changed: { word: 'Changed', icon: EqualNot, className: 'text-waiting-text' },
  only_a: { word: 'Only A', icon: Minus, className: 'text-failed-text' },
  only_b: { word: 'Only B', icon: Plus, className: 'text-completed-text' },
};

const Side = ({ step }: { step: Step | undefined }) =>
  step === undefined ? <span className="text-muted-foreground">not in this run</span> : (
    <span className="flex min-w-0 flex-1 items-center gap-2">
      <StepStatusMark status={step.status} />
      {step.summary === null ? <span className="flex-1" /> : <UntrustedText text={step.summary} className="min-w-0 flex-1 truncate" />}
      {step.duration_ms !== null && <Duration ms={step.duration_ms} className="text-caption text-muted-foreground" />}
    </span>
  );

const PairRow = ({ pair, number, isOpen, onToggle }: { pair: StepPair; number: number; isOpen: boolean; onToggle: () => void }) => {
  const step = pair.a ?? pair.b;
  const { word, icon: Icon, className } = marks[pair.mark];
  if (step === undefined) return null;
  return (
    <li className="border-b last:border-b-0">
      <button id={`pair-${number}`} type="button" aria-expanded={isOpen} onClick={onToggle} className="grid w-full grid-cols-[1fr_1fr] items-center gap-x-4 gap-y-0.5 px-3 py-1.5 text-left text-row -outline-offset-2 hover:bg-muted focus-visible:-outline-offset-2 md:grid-cols-[16rem_6.5rem_1fr_1fr]">
        <span className="flex min-w-0 items-center gap-1.5">
          <ChevronRight aria-hidden className={cn('size-4 shrink-0', isOpen && 'rotate-90')} />
          <StepKindIcon kind={step.kind} />
          <span className="truncate">{pair.iteration} · {stepName(step)}</span>
        </span>
        <span className={cn('inline-flex items-center gap-1 text-caption font-medium', className)}><Icon aria-hidden className="size-3.5" />{word}</span>
        <span className="flex min-w-0"><span className="sr-only">A: </span><Side step={pair.a} /></span>
        <span className="flex min-w-0"><span className="sr-only">B: </span><Side step={pair.b} /></span>
      </button>
      {isOpen && <PairDetails pair={pair} />}
    </li>
  );
};

/** Steps of both runs side by side; the first difference is open at the start, N goes to the next. */
export const PairList = ({ pairs, search, onSearch }: CompareProps & { pairs: StepPair[] }) => {
  const [shown, setShown] = useState(pageSize);
  const differences = pairs.flatMap((pair, index) => (pair.mark === 'same' ? [] : [index + 1]));
  const open = search.pair ?? differences[0];
  const wanted = useRef<number>(undefined);
  const numbered = pairs.map((pair, index) => ({ pair, number: index + 1 })).filter(({ pair }) => search.changes !== true || pair.mark !== 'same');
  const reach = numbered.findIndex(({ number }) => number === open) + 1;
  const visible = numbered.slice(0, Math.max(shown, reach));

  const goToNext = (): void => {
    const next = differences.find((number) => number > (open ?? 0)) ?? differences[0];
    if (next === undefined) return;
    wanted.current = next;
    onSearch({ pair: next }, { replace: true });
  };
  // The row of the next difference takes the focus once it is open.
  useEffect(() => {
    if (wanted.current === undefined || wanted.current !== open) return;
    wanted.current = undefined;
    document.getElementById(`pair-${open}`)?.focus();
  }, [open]);
  useShortcuts({ n: goToNext });

  return (
    <section aria-label="Steps of both runs" className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 className="text-title font-semibold">{differences.length === 0 ? 'Step by step the same' : `${countOf(differences.length, 'difference')} in ${countOf(pairs.length, 'step')}`}</h2>
        {differences.length > 0 && (
          <span className="flex flex-wrap items-center gap-3">
            <span className="flex items-center gap-2">
              <Switch id="only-changes" checked={search.changes === true} onCheckedChange={(isOn) => onSearch({ changes: isOn ? true : undefined }, { replace: true })} />
              <Label htmlFor="only-changes" className="font-normal">Only differences</Label>
            </span>
            <Button variant="outline" size="small" onClick={goToNext}><ArrowDown aria-hidden />Next difference<kbd className="text-caption text-muted-foreground">N</kbd></Button>
          </span>
        )}
      </div>
      <ol className="overflow-hidden rounded-card border bg-card">
        {visible.map(({ pair, number }) => (
          <PairRow key={number} pair={pair} number={number} isOpen={number === open} onToggle={() => onSearch({ pair: number === open ? pairs.length + 1 : number }, { replace: true })} />
        ))}
      </ol>
      <MoreRows shown={visible.length} noun="step" hasMore={numbered.length > visible.length} isLoading={false} onMore={() => setShown(visible.length + pageSize)} />
    </section>
  );
};
