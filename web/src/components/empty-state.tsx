import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from '@/lib/cn.ts';

/** What stands where data would be: one sentence and one action. */
export const EmptyState = ({ icon: Icon, title, children, action, className }: { icon?: LucideIcon; title: ReactNode; children?: ReactNode; action?: ReactNode; className?: string }) => (
  <div className={cn('flex flex-col items-center gap-2 px-4 py-10 text-center', className)}>
    {Icon !== undefined && <Icon aria-hidden className="size-8 text-muted-foreground" strokeWidth={1.5} />}
    <p className="text-body font-medium">{title}</p>
    {children !== undefined && <div className="max-w-prose text-row text-muted-foreground">{children}</div>}
    {action !== undefined && <div className="mt-2">{action}</div>}
  </div>
);
