import { CircleOff, LoaderCircle, Radio } from 'lucide-react';
import { useLiveStatus } from '@/lib/live/live-provider.tsx';
import { cn } from '@/lib/cn.ts';

const looks = {
  connecting: { word: 'Connecting', icon: LoaderCircle, className: 'text-muted-foreground' },
  live: { word: 'Live', icon: Radio, className: 'text-completed-text' },
  reconnecting: { word: 'Reconnecting', icon: LoaderCircle, className: 'text-waiting-text' },
  refused: { word: 'Not live', icon: CircleOff, className: 'text-failed-text' },
};

/** Whether what is on screen follows the server by itself. */
export const LiveChip = ({ isIconOnly = false }: { isIconOnly?: boolean }) => {
  const { word, icon: Icon, className } = looks[useLiveStatus()];
  return (
    <span role="status" title={`Live updates: ${word}`} className={cn('inline-flex h-7 items-center gap-2 px-2 text-caption font-medium', className)}>
      <Icon aria-hidden className={cn('size-4 shrink-0', Icon === LoaderCircle && 'animate-spin')} />
      <span className={isIconOnly ? 'sr-only' : undefined}>
        <span className="sr-only">Live updates: </span>
        {word}
      </span>
    </span>
  );
};
