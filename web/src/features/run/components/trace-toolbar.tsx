import { ChevronDown, ChevronUp, FoldVertical, Maximize2, MoveLeft, MoveRight, Search, UnfoldVertical, ZoomIn, ZoomOut } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from '@/components/ui/button.tsx';
import { Input } from '@/components/ui/input.tsx';
import { Switch } from '@/components/ui/switch.tsx';
import { Label } from '@/components/ui/label.tsx';
import { cn } from '@/lib/cn.ts';
import { countOf } from '@/lib/format.ts';
import type { SearchProps } from '../search.ts';
import type { TimeAxis } from '../trace/use-time-axis.ts';
import type { TraceTree } from '../trace/use-trace-tree.ts';

const IconButton = ({ label, onClick, isDisabled = false, children }: { label: string; onClick: () => void; isDisabled?: boolean; children: React.ReactNode }) => (
  <Button variant="ghost" size="icon-small" aria-label={label} title={label} onClick={onClick} disabled={isDisabled}>{children}</Button>
);

/** Words typed here reach the address a moment later, so that typing is not a navigation per letter. */
const FindField = ({ search, onSearch, hits }: SearchProps & { hits: number | undefined }) => {
  const [text, setText] = useState(search.find ?? '');
  const [known, setKnown] = useState(search.find);
  // The address changed by itself (Back, Clear): the field follows.
  if (known !== search.find) {
    setKnown(search.find);
    setText(search.find ?? '');
  }
  useEffect(() => {
    if (text === (search.find ?? '')) return undefined;
    const timer = setTimeout(() => {
      setKnown(text === '' ? undefined : text);
      onSearch({ find: text === '' ? undefined : text }, { replace: true });
    }, 200);
    return () => clearTimeout(timer);
  });
  return (
    <div className="relative min-w-40 flex-1">
      <Search aria-hidden className="pointer-events-none absolute top-1/2 left-2 size-4 -translate-y-1/2 text-muted-foreground" />
      <Input type="search" data-filter aria-label="Find in labels" placeholder="Find in labels" value={text} onChange={(event) => setText(event.target.value)} className="h-8 pl-8 text-row" />
      <span role="status" className="sr-only">{hits === undefined ? '' : countOf(hits, 'step found', 'steps found')}</span>
    </div>
  );
};

/** Finding, errors, folding, zoom and following of the trace. */
export const TraceToolbar = ({ tree, time, search, onSearch, hits, onError, live, hasBars }: SearchProps & {
  tree: TraceTree;
  time: TimeAxis;
  hits: number | undefined;
  onError: (direction: 1 | -1) => void;
  /** Present while the run is open. */
  live: { isFollowing: boolean; onFollow: (isFollowing: boolean) => void } | undefined;
  hasBars: boolean;
}) => (
  <div role="group" aria-label="Trace tools" className="flex flex-wrap items-center gap-x-2 gap-y-1 border-b px-2 py-1.5">
    <FindField search={search} onSearch={onSearch} hits={hits} />
    {tree.errors.length > 0 && (
      <span className="flex items-center">
        <Button
          variant="ghost"
          size="small"
          aria-pressed={search.errors === true}
          className={cn('h-7 text-failed-text', search.errors === true && 'bg-failed-tint')}
          onClick={() => onSearch({ errors: search.errors === true ? undefined : true }, { replace: true })}
        >
          {countOf(tree.errors.length, 'error')}
          <span className="sr-only">, show only these</span>
        </Button>
        <IconButton label="Previous error (Shift+E)" onClick={() => onError(-1)}><ChevronUp aria-hidden /></IconButton>
        <IconButton label="Next error (E)" onClick={() => onError(1)}><ChevronDown aria-hidden /></IconButton>
      </span>
    )}
    <span className="flex items-center">
      <IconButton label="Expand all" onClick={tree.expandAll}><UnfoldVertical aria-hidden /></IconButton>
      <IconButton label="Collapse all" onClick={tree.collapseAll}><FoldVertical aria-hidden /></IconButton>
    </span>
    {hasBars && (
      <span className="flex items-center">
        <IconButton label="Zoom out (−)" onClick={() => time.zoomBy(-1)} isDisabled={time.zoom <= 1}><ZoomOut aria-hidden /></IconButton>
        <IconButton label="Zoom in (+)" onClick={() => time.zoomBy(1)}><ZoomIn aria-hidden /></IconButton>
        {time.zoom > 1 && (
          <>
            <IconButton label="Earlier" onClick={() => time.panBy(-0.5)} isDisabled={time.pan <= 0}><MoveLeft aria-hidden /></IconButton>
            <IconButton label="Later" onClick={() => time.panBy(0.5)}><MoveRight aria-hidden /></IconButton>
            <IconButton label="Fit the whole run" onClick={time.fit}><Maximize2 aria-hidden /></IconButton>
          </>
        )}
      </span>
    )}
    {live !== undefined && (
      <span className="flex items-center gap-2 pl-1">
        <Switch id="follow-live" checked={live.isFollowing} onCheckedChange={live.onFollow} />
        <Label htmlFor="follow-live" className="text-row font-normal">Follow live</Label>
      </span>
    )}
  </div>
);
