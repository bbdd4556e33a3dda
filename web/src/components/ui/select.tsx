import { ChevronDown } from 'lucide-react';
import type { ComponentProps } from 'react';
import { cn } from '@/lib/cn.ts';
import { controlClass } from './input.tsx';

/** The platform's own select: right on phones and for screen readers, and no script to load. */
export const Select = ({ className, children, ...props }: ComponentProps<'select'>) => (
  <span className={cn('relative inline-flex w-full', className)}>
    {/* Selects always match :read-only. */}
    <select className={cn(controlClass, 'h-9 appearance-none truncate pr-8 read-only:bg-card max-sm:h-11')} {...props}>
      {children}
    </select>
    <ChevronDown aria-hidden className="pointer-events-none absolute top-1/2 right-2.5 size-4 -translate-y-1/2 text-muted-foreground" />
  </span>
);
