import { GripVertical } from 'lucide-react';
import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from 'react';

const least = 35;
const most = 75;
const clamp = (share: number): number => Math.min(most, Math.max(least, share));

/** Two columns whose border is moved by dragging or with the arrow keys; the right one stays in view and scrolls by itself. */
export const ResizableColumns = ({ left, right, label }: { left: ReactNode; right: ReactNode; label: string }) => {
  const [share, setShare] = useState(60);
  const box = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = { ArrowLeft: share - 2, ArrowRight: share + 2, Home: least, End: most }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    setShare(clamp(next));
  };
  const onPointerMove = (event: PointerEvent): void => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId) || box.current === null) return;
    const { left: start, width } = box.current.getBoundingClientRect();
    setShare(clamp(Math.round(((event.clientX - start) / width) * 100)));
  };
  return (
    <div ref={box} className="grid items-start" style={{ gridTemplateColumns: `minmax(0,${share}fr) 1rem minmax(0,${100 - share}fr)` }}>
      <div className="min-w-0">{left}</div>
      <div
        role="separator"
        aria-orientation="vertical"
        aria-label={label}
        aria-valuenow={share}
        aria-valuemin={least}
        aria-valuemax={most}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={onPointerMove}
        className="sticky top-(--covered-top) flex h-40 cursor-col-resize touch-none items-center justify-center self-start rounded-control text-muted-foreground hover:text-foreground"
      >
        <GripVertical aria-hidden className="size-4" />
      </div>
      <div className="sticky top-[calc(var(--covered-top,3rem)+0.5rem)] max-h-[calc(100dvh-var(--covered-top,3rem)-1rem)] min-w-0 overflow-y-auto">{right}</div>
    </div>
  );
};
