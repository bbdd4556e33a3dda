import type { PolicyEffect } from '@contracts/approvals.ts';
import type { PolicySummary } from '@contracts/policies.ts';
import { CircleCheck, Layers, type LucideIcon, ShieldQuestion, ShieldX } from 'lucide-react';
import { cn } from '@/lib/cn.ts';
import { pillClass } from '../state-pill.tsx';

/** What policies do with a call, in a word, a sentence, an icon and a tint. */
export const effectLooks: Record<PolicySummary['effect'], { word: string; meaning: string; icon: LucideIcon; tint: string }> = {
  deny: { word: 'Block', meaning: 'The call is refused; nobody can approve it.', icon: ShieldX, tint: 'bg-failed-tint text-failed-text' },
  ask: { word: 'Ask', meaning: 'The call waits until a person approves it.', icon: ShieldQuestion, tint: 'bg-waiting-tint text-waiting-text' },
  allow: { word: 'Allow', meaning: 'The call runs without a person.', icon: CircleCheck, tint: 'bg-completed-tint text-completed-text' },
  mixed: { word: 'Mixed', meaning: 'Its statements do different things.', icon: Layers, tint: 'bg-queued-tint text-queued-text' },
};

/** The effects a single statement may have, the strictest first, since it wins. */
export const effectsByStrength: readonly PolicyEffect[] = ['deny', 'ask', 'allow'];

/** What a policy does with a call: icon, word and tint. */
export const EffectPill = ({ effect, className }: { effect: PolicySummary['effect']; className?: string }) => {
  const { word, icon: Icon, tint } = effectLooks[effect];
  return <span data-slot="pill" className={cn(pillClass, tint, className)}><Icon aria-hidden className="size-3.5" />{word}</span>;
};
