import { formatDuration } from '@/lib/format.ts';
import { axisTicks } from '../trace/axis.ts';
import type { TimeAxis } from '../trace/use-time-axis.ts';

/** The scale above the bars: times since the start, and idle stretches with their true length. */
export const AxisHeader = ({ time }: { time: TimeAxis }) => {
  const { axis, pan, measure } = time;
  const gaps = axis.gaps.map((gap) => formatDuration(gap.to - gap.from));
  return (
    <div ref={measure} className="relative h-full overflow-hidden">
      <span className="sr-only">Time{gaps.length > 0 && `, idle stretches shortened: ${gaps.join(', ')}`}</span>
      <div aria-hidden className="absolute inset-y-0 left-0" style={{ width: axis.width, transform: `translateX(${-pan}px)` }}>
        {axisTicks(axis).map((tick) => (
          <span key={tick.elapsedMs} className="tabular absolute inset-y-0 flex items-center border-l border-border pl-1 text-caption whitespace-nowrap text-muted-foreground" style={{ left: tick.x }}>
            {tick.elapsedMs === 0 ? '0' : formatDuration(tick.elapsedMs)}
          </span>
        ))}
        {axis.gaps.map((gap, index) => (
          <span key={gap.from} title={`${gaps[index]} idle`} className="absolute inset-y-0 flex items-center justify-center border-x border-dashed border-input bg-muted text-[10px] leading-3 text-foreground" style={{ left: gap.x, width: gap.width }}>
            <span className="w-min text-center">{gaps[index]?.replace(/^(\S+) (\S+) .*/, '$1 $2')}</span>
          </span>
        ))}
      </div>
    </div>
  );
};
