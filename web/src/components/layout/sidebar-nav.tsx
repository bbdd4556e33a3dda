import { Link, useLocation } from '@tanstack/react-router';
import { cn } from '@/lib/cn.ts';
import { Tooltip } from '../ui/tooltip.tsx';
import { isItemActive, type NavigationItem, navigationItems } from './navigation.ts';
import { usePendingApprovals } from './pending-approvals.ts';

/** How many approvals wait: amber, red when one has less than a minute left. */
export const PendingBadge = ({ className }: { className?: string }) => {
  const { count, label, isUrgent } = usePendingApprovals();
  if (count === 0) return null;
  return (
    <span data-slot="chip" className={cn('tabular inline-flex h-5 min-w-5 items-center justify-center rounded-full px-1.5 text-caption font-semibold', isUrgent ? 'bg-destructive text-destructive-foreground' : 'bg-waiting-tint text-waiting-text outline-1 outline-waiting-solid', className)}>
      {label}
      <span className="sr-only">{isUrgent ? ' waiting, one ends within a minute' : ' waiting'}</span>
    </span>
  );
};

const Item = ({ item, path, isCollapsed, onFollow }: { item: NavigationItem; path: string; isCollapsed: boolean; onFollow?: (() => void) | undefined }) => {
  const isActive = isItemActive(item, path);
  const link = (
    <Link
      to={item.to}
      onClick={onFollow}
      aria-current={isActive ? 'page' : undefined}
      // The router marks links by prefix; which item is active is decided by isItemActive alone.
      activeProps={{ 'aria-current': isActive ? 'page' : undefined }}
      activeOptions={{ exact: true }}
      className={cn(
        'relative flex h-9 items-center gap-3 rounded-control px-2.5 text-body transition-colors duration-120 max-lg:h-11',
        isActive ? 'bg-primary/12 font-medium text-foreground' : 'text-muted-foreground hover:bg-muted hover:text-foreground',
        isCollapsed && 'justify-center px-0',
      )}
    >
      <item.icon aria-hidden className={cn('size-4.5 shrink-0', isActive && 'text-primary')} />
      <span className={isCollapsed ? 'sr-only' : 'flex-1'}>{item.label}</span>
      {item.to === '/hitl' && <PendingBadge className={isCollapsed ? 'absolute -top-1 -right-1 h-4 min-w-4 px-1 text-[10px]' : ''} />}
    </Link>
  );
  return <li>{isCollapsed ? <Tooltip text={item.label} side="right">{link}</Tooltip> : link}</li>;
};

/** The list of pages, for the sidebar and the drawer. */
export const SidebarNav = ({ isCollapsed = false, onFollow }: { isCollapsed?: boolean; onFollow?: () => void }) => {
  const path = useLocation({ select: (location) => location.pathname });
  return (
    <nav aria-label="Main">
      <ul className="flex flex-col gap-0.5">
        {navigationItems.map((item) => <Item key={item.to} item={item} path={path} isCollapsed={isCollapsed} onFollow={onFollow} />)}
      </ul>
    </nav>
  );
};
