import type { Memory } from '@contracts/memory.ts';
import { Link } from '@tanstack/react-router';
import { ChevronDown, Trash2 } from 'lucide-react';
import { useId } from 'react';
import { RelativeTime } from '@/components/figures.tsx';
import { Badge } from '@/components/ui/badge.tsx';
import { Button } from '@/components/ui/button.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { cn } from '@/lib/cn.ts';
import { formatShare, humanize, shortId } from '@/lib/format.ts';

/** How well a memory fits the search, as bar and number. */
const Score = ({ score }: { score: number }) => (
  <span className="inline-flex items-center gap-2 text-caption" title="How well it fits the search; comparable within this list only">
    <span aria-hidden data-slot="progress" className="h-2 w-20 overflow-hidden rounded-full bg-muted outline-1 outline-border">
      <span data-slot="progress-bar" className="block h-full origin-left bg-primary" style={{ transform: `scaleX(${Math.min(1, Math.max(0, score))})` }} />
    </span>
    <span className="tabular"><span className="sr-only">Fit: </span>{formatShare(score)}</span>
  </span>
);

/** One memory: its text, where it came from, and when it was last of use. `isOpen` shows it whole. */
export const MemoryItem = ({ memory, isOpen, onToggle, onSource, onDelete }: { memory: Memory; isOpen: boolean; onToggle: () => void; onSource: ((runId: string) => void) | undefined; onDelete: (() => void) | undefined }) => {
  const id = useId();
  return (
    <li data-memory={memory.id} className={cn('flex flex-col gap-2 border-b p-3 last:border-b-0', isOpen && 'bg-primary/8')}>
      <div className="flex flex-wrap items-center gap-2">
        <Badge>{humanize(memory.kind)}</Badge>
        {memory.score !== null && <Score score={memory.score} />}
        {memory.embedding_state === 'missing' && <Badge className="bg-waiting-tint text-waiting-text" title="Its vector is written with one of the agent’s next calls; until then it is found by its words">Not indexed yet</Badge>}
        <span className="ml-auto flex items-center gap-1">
          <Button variant="ghost" size="small" onClick={onToggle} aria-expanded={isOpen} aria-controls={id}>
            {isOpen ? 'Less' : 'More'}
            <ChevronDown aria-hidden className={cn('transition-transform duration-120', isOpen && 'rotate-180')} />
          </Button>
          {onDelete !== undefined && <Button variant="ghost" size="icon-small" onClick={onDelete} aria-label={`Delete memory: ${memory.text.slice(0, 60)}`}><Trash2 aria-hidden /></Button>}
        </span>
      </div>
      <div id={id} className={cn('text-body', isOpen ? 'max-h-[32rem] overflow-y-auto' : 'line-clamp-3')} {...(isOpen ? { tabIndex: 0, role: 'region', 'aria-label': 'Whole memory' } : {})}>
        <UntrustedText text={memory.text} isBlock />
      </div>
      <p className="flex flex-wrap items-baseline gap-x-3 gap-y-1 text-caption text-muted-foreground">
        <span>Created <RelativeTime at={memory.created_at} /></span>
        <span>{memory.last_used_at === null ? 'Never recalled' : <>Last recalled <RelativeTime at={memory.last_used_at} /></>}</span>
        {memory.run_id === null ? <span>No run</span> : (
          <span>
            From{' '}
            <Link to="/maestro/runs/$runId" params={{ runId: memory.run_id }} search={memory.step_id === null ? {} : { step: memory.step_id }} className="text-primary underline underline-offset-4">run {shortId(memory.run_id)}</Link>
            {onSource !== undefined && <> · <Button variant="link" size="inline" className="text-caption" onClick={() => onSource(memory.run_id as string)}>only from this run</Button></>}
          </span>
        )}
        {isOpen && <span>{memory.embedding_model === null ? 'No vector' : `Embedding: ${memory.embedding_model}`}</span>}
      </p>
    </li>
  );
};
