import type { ComponentProps } from 'react';
import { cn } from '@/lib/cn.ts';

export const Card = ({ className, ...props }: ComponentProps<'section'>) => (
  <section data-slot="card" className={cn('flex min-w-0 flex-col rounded-card border bg-card', className)} {...props} />
);

export const CardHeader = ({ className, ...props }: ComponentProps<'div'>) => (
  <div className={cn('flex min-h-12 flex-wrap items-center justify-between gap-x-4 gap-y-1 px-4 pt-3', className)} {...props} />
);

export const CardTitle = ({ className, children, ...props }: ComponentProps<'h2'>) => (
  <h2 className={cn('text-title font-semibold', className)} {...props}>{children}</h2>
);

export const CardContent = ({ className, ...props }: ComponentProps<'div'>) => (
  <div className={cn('min-w-0 p-4', className)} {...props} />
);
