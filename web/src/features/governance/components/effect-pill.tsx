import type { PolicyEffect } from '@contracts/approvals.ts';
import { CircleCheck, type LucideIcon, ShieldQuestion, ShieldX } from 'lucide-react';
import { pillClass } from '@/components/state-pill.tsx';
import { cn } from '@/lib/cn.ts';

const looks: Record<PolicyEffect, { word: string; icon: LucideIcon; tint: string }> = {
  allow: { word: 'Allow', icon: CircleCheck, tint: 'bg-completed-tint text-completed-text' },
  ask: { word: 'Ask', icon: ShieldQuestion, tint: 'bg-waiting-tint text-waiting-text' },
  deny: { word: 'Block', icon: ShieldX, tint: 'bg-failed-tint text-failed-text' },
};

/** What a rule does with a call: icon, word and tint. */
export const EffectPill = ({ effect }: { effect: PolicyEffect }) => {
  const { word, icon: Icon, tint } = looks[effect];
  return <span data-slot="pill" className={cn(pillClass, tint)}><Icon aria-hidden className="size-3.5" />{word}</span>;
};
