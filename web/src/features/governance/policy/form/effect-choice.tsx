import type { PolicyEffect } from '@contracts/approvals.ts';
import { effectLooks, effectsByStrength } from '@/components/policies/effect-pill.tsx';
import { cn } from '@/lib/cn.ts';

/** What the policy does with the calls it is about. */
export const EffectChoice = ({ value, onChange }: { value: PolicyEffect; onChange: (effect: PolicyEffect) => void }) => (
  <fieldset className="min-w-0">
    <legend className="mb-1.5 text-body font-medium">Effect</legend>
    <div className="grid gap-2 @md:grid-cols-3">
      {effectsByStrength.map((effect) => {
        const { word, meaning, icon: Icon, tint } = effectLooks[effect];
        return (
          <label key={effect} className={cn('relative flex cursor-pointer items-start gap-2 rounded-control border p-2.5 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-ring', value === effect ? 'border-primary bg-primary/8' : 'hover:bg-muted has-disabled:hover:bg-transparent')}>
            <input type="radio" name="effect" value={effect} checked={value === effect} onChange={() => onChange(effect)} className="sr-only" />
            <span className={cn('inline-flex size-6 shrink-0 items-center justify-center rounded-full', tint)}><Icon aria-hidden className="size-3.5" /></span>
            <span className="min-w-0"><span className="block text-body font-medium">{word}</span><span className="block text-caption text-muted-foreground">{meaning}</span></span>
          </label>
        );
      })}
    </div>
  </fieldset>
);
