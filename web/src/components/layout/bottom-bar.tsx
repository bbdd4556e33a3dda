import { Link, useLocation } from '@tanstack/react-router';
import { Menu } from 'lucide-react';
import { cn } from '@/lib/cn.ts';
import { isItemActive, navigationItems } from './navigation.ts';
import { PendingBadge } from './sidebar-nav.tsx';

const itemClass = 'relative flex h-14 flex-1 flex-col items-center justify-center gap-0.5 text-caption -outline-offset-2 focus-visible:-outline-offset-2';
const onBar = navigationItems.filter(({ label }) => ['Dashboard', 'Runs', 'Approvals'].includes(label));

/** The bar at the bottom under 640 px: Dashboard, Runs, Approvals, More. */
export const BottomBar = ({ onMore }: { onMore: () => void }) => {
  const path = useLocation({ select: (location) => location.pathname });
  return (
    <nav aria-label="Main, short" className="fixed inset-x-0 bottom-0 z-40 flex border-t bg-sidebar pb-[env(safe-area-inset-bottom)] sm:hidden">
      {onBar.map((item) => {
        const isActive = isItemActive(item, path);
        return (
          <Link key={item.to} to={item.to} activeOptions={{ exact: true }} activeProps={{ 'aria-current': isActive ? 'page' : undefined }} aria-current={isActive ? 'page' : undefined} className={cn(itemClass, isActive ? 'font-medium text-primary' : 'text-muted-foreground')}>
            <item.icon aria-hidden className="size-5" />
            {item.label}
            {item.to === '/hitl' && <PendingBadge className="absolute top-1 left-1/2 ml-1 h-4 min-w-4 px-1 text-[10px]" />}
          </Link>
        );
      })}
      <button type="button" onClick={onMore} aria-haspopup="dialog" className={cn(itemClass, 'text-muted-foreground')}>
        <Menu aria-hidden className="size-5" />
        More
      </button>
    </nav>
  );
};
