import type { PolicySummary } from '@contracts/policies.ts';
import { CircleCheck, type LucideIcon, PencilLine, PowerOff } from 'lucide-react';
import { pillClass } from '@/components/state-pill.tsx';
import { Badge } from '@/components/ui/badge.tsx';
import { cn } from '@/lib/cn.ts';

export const policyStateLooks: Record<PolicySummary['state'], { word: string; icon: LucideIcon; tint: string }> = {
  live: { word: 'Live', icon: CircleCheck, tint: 'bg-completed-tint text-completed-text' },
  draft: { word: 'Draft', icon: PencilLine, tint: 'bg-running-tint text-running-text' },
  off: { word: 'Off', icon: PowerOff, tint: 'bg-queued-tint text-queued-text' },
};

/** Whether a policy judges anything; beside it whether there is text that does not yet. */
export const PolicyState = ({ policy }: { policy: Pick<PolicySummary, 'state' | 'has_draft'> }) => {
  const { word, icon: Icon, tint } = policyStateLooks[policy.state];
  return (
    <span className="inline-flex flex-wrap items-center gap-1.5">
      <span data-slot="pill" className={cn(pillClass, tint)}><Icon aria-hidden className="size-3.5" />{word}</span>
      {policy.has_draft && policy.state !== 'draft' && <Badge>has a draft</Badge>}
    </span>
  );
};
