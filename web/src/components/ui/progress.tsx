import { Progress as ProgressPrimitive } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cn } from '@/lib/cn.ts';

/** A bar from 0 to `max` (default 100). Give it an `aria-label`; the number beside it is the fact. */
export const Progress = ({ className, value, max = 100, barClassName, ...props }: ComponentProps<typeof ProgressPrimitive.Root> & { barClassName?: string }) => (
  <ProgressPrimitive.Root data-slot="progress" value={value} max={max} className={cn('h-2 w-full overflow-hidden rounded-full bg-muted', className)} {...props}>
    <ProgressPrimitive.Indicator
      data-slot="progress-bar"
      className={cn('h-full origin-left bg-primary', barClassName)}
      style={{ transform: `scaleX(${Math.min(1, Math.max(0, (value ?? 0) / max))})` }}
    />
  </ProgressPrimitive.Root>
);
