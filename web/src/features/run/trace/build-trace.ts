import type { Step, StepStatus } from '@contracts/runs.ts';
import { isInLine, stepName } from '@/components/trace/step-status.tsx';
import { addStep, type Figures, noFigures } from './figures.ts';

/** One row of the trace. Rows lie in one array, each parent before its children, so that a subtree is a range of it. */
export interface TraceNode {
  /** Step id, or `iteration:3`, `call:<tool call id>`. */
  id: string;
  kind: 'iteration' | 'call' | 'step';
  /** 1 for iterations. */
  level: number;
  /** Index of the parent; -1 for iterations. */
  parent: number;
  /** Index after the last descendant. */
  end: number;
  position: number;
  setSize: number;
  label: string;
  detail: string | null;
  status: StepStatus;
  /** What waits is a call's turn, and not a person's answer. */
  isInLine: boolean;
  iteration: number;
  step: Step | null;
  /** Milliseconds since the epoch; the end is null while something inside is open. */
  startedAt: number;
  finishedAt: number | null;
  figures: Figures;
}

interface Bucket {
  iteration: number;
  steps: Step[];
  /** Tool calls in their order; more than one get rows of their own. */
  calls: Set<string>;
}

/** What a parent shows of its children: something open first, then what went wrong. */
const statusOrder: StepStatus[] = ['waiting', 'running', 'failed', 'refused', 'cancelled', 'completed'];
const worse = (one: StepStatus, other: StepStatus): StepStatus => (statusOrder.indexOf(one) <= statusOrder.indexOf(other) ? one : other);

const absorb = (node: TraceNode, step: Step, startedAt: number, finishedAt: number | null): void => {
  if (step.status === 'waiting') node.isInLine = isInLine(step) && (node.isInLine || node.status !== 'waiting');
  node.status = worse(node.status, step.status);
  node.startedAt = Math.min(node.startedAt, startedAt);
  node.finishedAt = node.finishedAt === null || finishedAt === null ? null : Math.max(node.finishedAt, finishedAt);
  addStep(node.figures, step);
};

/**
 * The tree of a run from its steps in order: iterations, in them the steps; where one answer asked for several tool
 * calls, each call is a row of its own around its checks, approvals and results. Time is linear in the steps.
 */
export const buildTrace = (steps: readonly Step[]): TraceNode[] => {
  const buckets = new Map<number, Bucket>();
  for (const step of steps) {
    let bucket = buckets.get(step.iteration);
    if (bucket === undefined) buckets.set(step.iteration, (bucket = { iteration: step.iteration, steps: [], calls: new Set() }));
    bucket.steps.push(step);
    if (step.tool_call_id !== null) bucket.calls.add(step.tool_call_id);
  }

  const nodes: TraceNode[] = [];
  const open = (node: Omit<TraceNode, 'end' | 'position' | 'setSize' | 'status' | 'isInLine' | 'startedAt' | 'finishedAt' | 'figures'>): number => {
    nodes.push({ ...node, end: 0, position: 0, setSize: 0, status: 'completed', isInLine: false, startedAt: Number.POSITIVE_INFINITY, finishedAt: 0, figures: noFigures() });
    return nodes.length - 1;
  };
  const addStepNode = (step: Step, parent: number): void => {
    const startedAt = Date.parse(step.started_at);
    const finishedAt = step.finished_at === null ? null : Date.parse(step.finished_at);
    const index = open({ id: step.id, kind: 'step', level: (nodes[parent]?.level ?? 0) + 1, parent, label: stepName(step), detail: step.summary, iteration: step.iteration, step });
    for (let at = index; at >= 0; at = (nodes[at] as TraceNode).parent) absorb(nodes[at] as TraceNode, step, startedAt, finishedAt);
    (nodes[index] as TraceNode).end = nodes.length;
  };

  for (const { iteration, steps: own, calls } of buckets.values()) {
    const tools = new Set(own.flatMap((step) => step.tool_name ?? []));
    const parent = open({ id: `iteration:${iteration}`, kind: 'iteration', level: 1, parent: -1, label: `Iteration ${iteration}`, detail: [...tools].join(', ') || null, iteration, step: null });
    const stepsOfCall = calls.size > 1 ? Map.groupBy(own.filter((step) => step.tool_call_id !== null), (step) => step.tool_call_id as string) : undefined;
    for (const step of own) {
      if (stepsOfCall === undefined || step.tool_call_id === null) {
        addStepNode(step, parent);
        continue;
      }
      const inside = stepsOfCall.get(step.tool_call_id);
      // Its row stands where its first step stood and holds the later ones.
      if (inside === undefined) continue;
      stepsOfCall.delete(step.tool_call_id);
      const call = open({ id: `call:${step.tool_call_id}`, kind: 'call', level: 2, parent, label: `Call · ${step.tool_name ?? 'unknown tool'}`, detail: null, iteration, step: null });
      for (const one of inside) addStepNode(one, call);
      (nodes[call] as TraceNode).end = nodes.length;
    }
    (nodes[parent] as TraceNode).end = nodes.length;
  }
  countSiblings(nodes);
  return nodes;
};

/** Fills in which of how many children of its parent each row is. */
const countSiblings = (nodes: TraceNode[]): void => {
  const sizes = new Map<number, number>();
  for (const node of nodes) {
    node.position = (sizes.get(node.parent) ?? 0) + 1;
    sizes.set(node.parent, node.position);
  }
  for (const node of nodes) node.setSize = sizes.get(node.parent) ?? 0;
};
