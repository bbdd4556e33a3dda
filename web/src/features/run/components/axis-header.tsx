import { formatDuration } from '@/lib/format.ts';
import { axisTicks } from '../trace/axis.ts';
import type { TimeAxis } from '../trace/use-time-axis.ts';

/** Room the length of an idle stretch takes. */
const labelPx = 56;

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
          <span key={gap.from} title={`${gaps[index]} idle`} className="absolute inset-y-0 border-x border-dashed border-input bg-muted" style={{ left: gap.x, width: gap.width }}>
            {/* The true length is wider than the marker: it lies over it, kept inside the axis at both ends. */}
            <span
              className="tabular absolute top-1/2 -translate-y-1/2 rounded-[3px] bg-muted px-0.5 text-caption whitespace-nowrap text-foreground"
              style={gap.x < labelPx / 2 ? { left: 0 } : gap.x + gap.width > axis.width - labelPx / 2 ? { right: 0 } : { left: '50%', transform: 'translate(-50%, -50%)' }}
            >
              {gaps[index]}
            </span>
          </span>
        ))}
      </div>
    </div>
  );
};
