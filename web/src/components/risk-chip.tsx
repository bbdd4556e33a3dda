import type { RiskLevel } from '@contracts/tools.ts';
import { type LucideIcon, OctagonAlert, SignalHigh, SignalLow, SignalMedium } from 'lucide-react';
import { cn } from '@/lib/cn.ts';

const icons: Record<RiskLevel, LucideIcon> = { LOW: SignalLow, MEDIUM: SignalMedium, HIGH: SignalHigh, CRITICAL: SignalHigh };

/** Risk of a call: a bordered chip, so that it is not taken for a state. */
export const RiskChip = ({ risk, className }: { risk: RiskLevel; className?: string }) => {
  const Icon = icons[risk];
  return (
    <span data-slot="chip" className={cn('inline-flex h-6 shrink-0 items-center gap-1 rounded-control border border-input px-1.5 text-caption font-semibold whitespace-nowrap', (risk === 'HIGH' || risk === 'CRITICAL') && 'border-destructive text-destructive', className)}>
      <Icon aria-hidden className="size-3.5" />
      <span className="sr-only">Risk </span>
      {risk}
      {risk === 'CRITICAL' && <OctagonAlert aria-hidden className="size-3.5" />}
    </span>
  );
};
