import type { StepKind } from '@contracts/runs.ts';
import { Brain, Database, Eye, Flag, type LucideIcon, RotateCw, ShieldCheck, UserCheck, Wrench } from 'lucide-react';
import { cn } from '@/lib/cn.ts';

/** Kinds of the contract plus the two a trace draws itself: what a tool answered, and another attempt. */
export type TraceKind = StepKind | 'observation' | 'retry';

export const stepKindLooks: Record<TraceKind, { word: string; icon: LucideIcon }> = {
  reasoning: { word: 'Reasoning', icon: Brain },
  safety: { word: 'Safety check', icon: ShieldCheck },
  tool: { word: 'Tool', icon: Wrench },
  observation: { word: 'Observation', icon: Eye },
  memory: { word: 'Memory', icon: Database },
  approval: { word: 'Approval', icon: UserCheck },
  retry: { word: 'Retry', icon: RotateCw },
  finish: { word: 'Finish', icon: Flag },
};

/** Icon of a step's kind in a neutral colour; the word stands beside it in the row, so the icon itself is silent. */
export const StepKindIcon = ({ kind, className }: { kind: TraceKind; className?: string }) => {
  const { icon: Icon } = stepKindLooks[kind];
  return <Icon aria-hidden className={cn('size-4 shrink-0 text-muted-foreground', className)} />;
};
