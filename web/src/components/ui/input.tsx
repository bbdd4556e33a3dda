import type { ComponentProps } from 'react';
import { cn } from '@/lib/cn.ts';

/** Looks shared by all typed-in controls: 16 px under 640 px, so that phones do not zoom in. */
export const controlClass =
  'w-full min-w-0 rounded-control border border-input bg-card px-3 text-field sm:text-body text-foreground placeholder:text-muted-foreground disabled:cursor-not-allowed disabled:opacity-60 read-only:bg-muted aria-invalid:border-destructive';

export const Input = ({ className, ...props }: ComponentProps<'input'>) => (
  <input className={cn(controlClass, 'h-9 max-sm:h-11', className)} {...props} />
);
