import { isTerminal, type Run } from '@contracts/runs.ts';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useNow } from '@/hooks/use-now.ts';
import { serverNowOf } from '../run-clock.ts';
import { type Axis, createAxis } from './axis.ts';
import type { TraceNode } from './build-trace.ts';

const zoomFactor = 1.6;
const mostZoom = 64;

export interface TimeAxis {
  axis: Axis;
  /** The server's clock, counting while the run is open. */
  now: number;
  zoom: number;
  /** Pixels the axis is moved to the left. */
  pan: number;
  startedAt: number;
  zoomBy: (steps: number, at?: number) => void;
  panBy: (share: number) => void;
  fit: () => void;
  /** Goes on the element whose width the axis fits. */
  measure: (element: HTMLElement | null) => void;
}

/** The time axis of a run, fitted to the width of its column, zoomed and moved by the reader. */
export const useTimeAxis = (run: Run, receivedAt: number, nodes: readonly TraceNode[]): TimeAxis => {
  const [width, setWidth] = useState(160);
  const [{ zoom, pan }, setView] = useState({ zoom: 1, pan: 0 });
  const [element, measure] = useState<HTMLElement | null>(null);
  const clock = useNow(isTerminal(run.status) ? 3_600_000 : 1000);
  const now = run.finished_at === null ? serverNowOf(run, receivedAt, clock) : Date.parse(run.finished_at);

  // Follows the width of the column.
  useEffect(() => {
    if (element === null) return undefined;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.max(40, Math.floor(entry?.contentRect.width ?? 0))));
    observer.observe(element);
    return () => observer.disconnect();
  }, [element]);

  const startedAt = Math.min(Date.parse(run.started_at ?? run.created_at), nodes[0]?.startedAt ?? Number.POSITIVE_INFINITY);
  const axis = useMemo(() => {
    const steps = nodes.filter((node) => node.kind === 'step');
    const end = steps.reduce((latest, node) => Math.max(latest, node.finishedAt ?? now), now);
    // Waiting for a person is idle time: nothing works.
    const work = steps.filter((node) => node.step?.kind !== 'approval' && node.status !== 'waiting').map((node) => ({ from: node.startedAt, to: node.finishedAt ?? now }));
    return createAxis({ work, span: { from: startedAt, to: end }, width: width * zoom });
  }, [nodes, now, startedAt, width, zoom]);

  const zoomBy = useCallback((steps: number, at = 0.5): void => {
    setView((before) => {
      const next = Math.min(mostZoom, Math.max(1, before.zoom * zoomFactor ** steps));
      // What lies under the pointer stays there.
      const anchor = before.pan + at * width;
      return { zoom: next, pan: Math.min(width * next - width, Math.max(0, (anchor * next) / before.zoom - at * width)) };
    });
  }, [width]);
  const panBy = useCallback((share: number): void => {
    setView((before) => ({ ...before, pan: Math.min(width * before.zoom - width, Math.max(0, before.pan + share * width)) }));
  }, [width]);
  const fit = useCallback((): void => setView({ zoom: 1, pan: 0 }), []);

  // Ctrl+wheel must be taken from the browser's own zoom, which React's passive listener cannot.
  useEffect(() => {
    if (element === null) return undefined;
    const scroller = element.closest<HTMLElement>('[role="treegrid"]') ?? element;
    const onWheel = (event: WheelEvent): void => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const box = element.getBoundingClientRect();
      zoomBy(event.deltaY < 0 ? 1 : -1, Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)));
    };
    scroller.addEventListener('wheel', onWheel, { passive: false });
    return () => scroller.removeEventListener('wheel', onWheel);
  }, [element, zoomBy]);

  return { axis, now, zoom, pan: Math.min(pan, Math.max(0, width * zoom - width)), startedAt, zoomBy, panBy, fit, measure };
};
