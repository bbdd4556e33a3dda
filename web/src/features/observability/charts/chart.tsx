import { Download, Table2, TrendingUp } from 'lucide-react';
import { type PointerEvent, type ReactNode, useEffect, useId, useMemo, useState } from 'react';
import { Button } from '@/components/ui/button.tsx';
import { Card } from '@/components/ui/card.tsx';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table.tsx';
import { cn } from '@/lib/cn.ts';
import { toCsv } from '@/lib/csv.ts';
import { unknownMark } from '@/lib/format.ts';
import { saveFile } from '@/lib/save-file.ts';
import { type Bucket, type Sample, toBuckets } from './buckets.ts';
import { type BarChart, type LineChart, prepareBars, prepareLines } from './prepare-chart.ts';

export interface Series {
  name: string;
  /** Class of stroke and fill; `dash` and `isHatched` tell series apart without colour. */
  className: string;
  dash?: string;
  isHatched?: boolean;
}

export interface ChartProps {
  title: string;
  description?: ReactNode;
  kind: 'line' | 'bar';
  series: Series[];
  samples: Sample[];
  range: { from: string; to: string; bucketSeconds: number };
  format: (value: number) => string;
  isWhole?: boolean;
}

const height = 184;
const left = 64;
const bottom = 22;

const formatTick = (at: number, spanMs: number): string =>
  new Intl.DateTimeFormat('en-GB', spanMs > 2 * 86_400_000 ? { day: 'numeric', month: 'short' } : { hour: '2-digit', minute: '2-digit' }).format(at);
const formatBucket = ({ from }: Bucket): string => new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }).format(from);

const useWidth = () => {
  const [width, setWidth] = useState(0);
  const [element, measure] = useState<HTMLElement | null>(null);
  // Follows the width of the card.
  useEffect(() => {
    if (element === null) return undefined;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(element);
    return () => observer.disconnect();
  }, [element]);
  return { width, measure };
};

/** Axes, lines or bars: draws what was prepared, decides nothing. */
const Drawing = ({ prepared, series, width, format, spanMs, pointed, hatchId }: { prepared: LineChart | BarChart; series: Series[]; width: number; format: (value: number) => string; spanMs: number; pointed: number | null; hatchId: string }) => {
  const slot = pointed === null ? undefined : prepared.slots[pointed];
  return (
    <svg aria-hidden width={width} height={height} className="block">
      <defs>
        <pattern id={hatchId} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="2" height="5" className="fill-card" />
        </pattern>
      </defs>
      {slot !== undefined && <rect x={slot.x} y={4} width={slot.width} height={prepared.baseline - 4} className="fill-muted" />}
      {prepared.valueTicks.map((tick) => (
        <g key={tick.value}>
          <line x1={left} x2={width - 8} y1={tick.y} y2={tick.y} className="stroke-border" />
          <text x={left - 6} y={tick.y + 4} textAnchor="end" className="fill-muted-foreground text-[12px]">{format(tick.value)}</text>
        </g>
      ))}
      {prepared.timeTicks.map((tick) => (
        <text key={tick.at} x={tick.x} y={height - 6} textAnchor="middle" className="fill-muted-foreground text-[12px]">{formatTick(tick.at, spanMs)}</text>
      ))}
      {'bars' in prepared
        ? prepared.bars.map((bar) => (
            <g key={`${bar.bucket}-${bar.series}`}>
              <rect x={bar.x} y={bar.y} width={bar.width} height={bar.height} className={series[bar.series]?.className} stroke="none" />
              {series[bar.series]?.isHatched === true && <rect x={bar.x} y={bar.y} width={bar.width} height={bar.height} fill={`url(#${hatchId})`} />}
            </g>
          ))
        : prepared.lines.map((line) => (
            <g key={line.series} className={series[line.series]?.className}>
              <path d={line.path} fill="none" strokeWidth={2} strokeDasharray={series[line.series]?.dash} strokeLinejoin="round" />
              {line.dots.map((dot) => <circle key={dot.x} cx={dot.x} cy={dot.y} r={3} stroke="none" />)}
            </g>
          ))}
    </svg>
  );
};

const BucketTable = ({ title, buckets, series, format }: { title: string; buckets: Bucket[]; series: Series[]; format: (value: number) => string }) => (
  <div tabIndex={0} role="region" aria-label={`${title} as a table`} className="max-h-64 overflow-y-auto">
    <Table>
      <TableHeader>
        <TableRow><TableHead>From</TableHead>{series.map((one) => <TableHead key={one.name} className="text-right">{one.name}</TableHead>)}</TableRow>
      </TableHeader>
      <TableBody>
        {buckets.flatMap((bucket) => {
          const { values } = bucket;
          return values === null ? [] : [
            <TableRow key={bucket.from}>
              <TableCell className="tabular h-8 whitespace-nowrap">{formatBucket(bucket)}</TableCell>
              {series.map((one, index) => <TableCell key={one.name} className="tabular h-8 text-right">{values[index] == null ? <span title="not known">{unknownMark}<span className="sr-only"> not known</span></span> : format(values[index])}</TableCell>)}
            </TableRow>,
          ];
        })}
      </TableBody>
    </Table>
  </div>
);

/** Swatch of a series as it is drawn: told apart by form as well as colour. */
const Swatch = ({ series, kind, hatchId }: { series: Series; kind: ChartProps['kind']; hatchId: string }) => (
  <svg aria-hidden width={18} height={12} className={series.className}>
    {kind === 'line' ? <line x1={0} x2={18} y1={6} y2={6} strokeWidth={2} strokeDasharray={series.dash} /> : <rect width={18} height={12} rx={2} stroke="none" />}
    {kind === 'bar' && series.isHatched === true && <rect width={18} height={12} fill={`url(#${hatchId})`} />}
  </svg>
);

/** One chart with its legend, which also switches series on and off; the same as a table and as CSV. */
export const Chart = ({ title, description, kind, series, samples, range, format, isWhole = false }: ChartProps) => {
  const [isTable, setIsTable] = useState(false);
  const [hidden, setHidden] = useState<ReadonlySet<number>>(new Set());
  const [pointed, setPointed] = useState<number | null>(null);
  const { width, measure } = useWidth();
  const hatchId = useId();
  const { from, to, bucketSeconds } = range;
  const buckets = useMemo(() => toBuckets(samples, { from, to, bucketSeconds }), [samples, from, to, bucketSeconds]);
  const shown = useMemo(() => series.flatMap((_, index) => (hidden.has(index) ? [] : [index])), [series, hidden]);
  const prepared = useMemo(() => {
    const size = { width, height, left, bottom };
    const zoneOffsetMs = -new Date(to).getTimezoneOffset() * 60_000;
    return kind === 'line' ? prepareLines(buckets, shown, size, zoneOffsetMs) : prepareBars(buckets, shown, size, { isWhole, zoneOffsetMs });
  }, [kind, buckets, shown, width, isWhole, to]);
  const point = (event: PointerEvent<HTMLElement>): void => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
    const found = prepared.slots.findIndex((slot) => x >= slot.x && x < slot.x + slot.width);
    setPointed(found < 0 ? null : found);
  };
  const toggle = (index: number): void => {
    const next = new Set(hidden);
    if (!next.delete(index)) next.add(index);
    // At least one stays.
    if (next.size < series.length) setHidden(next);
  };
  const bucket = pointed === null ? undefined : buckets[pointed];
  const save = (): void =>
    saveFile(`${title.toLowerCase().replaceAll(/\W+/g, '-')}.csv`, 'text/csv', toCsv(['from', ...series.map((one) => one.name)], buckets.filter(({ values }) => values !== null).map(({ from: at, values }) => [new Date(at).toISOString(), ...(values ?? [])])));
  return (
    <Card aria-label={title} className="p-4">
      <div className="flex flex-wrap items-start justify-between gap-2">
        <div className="min-w-0">
          <h3 className="text-body font-semibold">{title}</h3>
          {description !== undefined && <p className="text-caption text-muted-foreground">{description}</p>}
        </div>
        <div className="flex gap-1">
          <Button variant="ghost" size="small" className="h-7" aria-pressed={isTable} onClick={() => setIsTable(!isTable)}>{isTable ? <TrendingUp aria-hidden /> : <Table2 aria-hidden />}{isTable ? 'As chart' : 'As table'}<span className="sr-only">: {title}</span></Button>
          <Button variant="ghost" size="small" className="h-7" onClick={save}><Download aria-hidden />CSV<span className="sr-only">: {title}</span></Button>
        </div>
      </div>
      <div className="my-2 flex min-h-6 flex-wrap items-center gap-x-3 gap-y-1 text-caption">
        {series.map((one, index) => (
          <button key={one.name} type="button" aria-pressed={!hidden.has(index)} onClick={() => toggle(index)} className={cn('inline-flex min-h-6 items-center gap-1.5 rounded-control px-1', hidden.has(index) && 'line-through opacity-60')}>
            <Swatch series={one} kind={kind} hatchId={hatchId} />
            {one.name}
            {bucket !== undefined && !hidden.has(index) && <span className="tabular font-medium">{bucket.values?.[index] == null ? unknownMark : format(bucket.values[index])}</span>}
          </button>
        ))}
        {bucket !== undefined && <span className="tabular ml-auto text-muted-foreground">{formatBucket(bucket)}{bucket.values === null && ': nothing recorded'}</span>}
      </div>
      {isTable ? <BucketTable title={title} buckets={buckets} series={series} format={format} /> : (
        <div ref={measure} role="img" aria-label={`${title}. The button “As table” shows the values.`} onPointerMove={point} onPointerLeave={() => setPointed(null)} style={{ height }}>
          {width > 0 && <Drawing prepared={prepared} series={series} width={width} format={format} spanMs={Date.parse(to) - Date.parse(from)} pointed={pointed} hatchId={hatchId} />}
        </div>
      )}
    </Card>
  );
};
