import { Link } from '@tanstack/react-router';
import { CircleHelp, PanelLeftClose, PanelLeftOpen } from 'lucide-react';
import { cn } from '@/lib/cn.ts';
import { setPreferences, usePreferences } from '@/lib/preferences.ts';
import { Button } from '../ui/button.tsx';
import { Separator } from '../ui/separator.tsx';
import { LiveChip } from './live-chip.tsx';
import { SidebarNav } from './sidebar-nav.tsx';
import { ThemeMenu } from './theme-menu.tsx';
import { UserMenu } from './user-menu.tsx';
import { Wordmark } from './wordmark.tsx';

/** What stands below the pages: live connection, theme, help, user. */
export const SidebarFooter = ({ isCollapsed = false, onHelp }: { isCollapsed?: boolean; onHelp: () => void }) => (
  <div className={cn('flex flex-col gap-0.5', isCollapsed && 'items-center')}>
    <LiveChip isIconOnly={isCollapsed} />
    <ThemeMenu isIconOnly={isCollapsed} />
    <Button variant="ghost" size={isCollapsed ? 'icon' : 'default'} className={isCollapsed ? '' : 'justify-start px-2 font-normal'} onClick={onHelp} aria-label="Help and keyboard shortcuts" title={isCollapsed ? 'Help (?)' : undefined}>
      <CircleHelp aria-hidden />
      {!isCollapsed && <span className="flex-1 text-left">Help</span>}
      {!isCollapsed && <kbd aria-hidden className="text-caption text-muted-foreground">?</kbd>}
    </Button>
    <UserMenu isIconOnly={isCollapsed} />
  </div>
);

/** The sidebar from 1024 px on: 240 px wide, 56 px when collapsed. */
export const MaestroSidebar = ({ onHelp }: { onHelp: () => void }) => {
  const { isSidebarCollapsed: isCollapsed } = usePreferences();
  const ToggleIcon = isCollapsed ? PanelLeftOpen : PanelLeftClose;
  return (
    <aside aria-label="Sidebar" className={cn('sticky top-0 hidden h-dvh shrink-0 flex-col gap-3 overflow-y-auto border-r bg-sidebar py-3 lg:flex', isCollapsed ? 'w-14 px-2' : 'w-60 px-3')}>
      <div className={cn('flex items-center justify-between', isCollapsed && 'flex-col gap-2')}>
        <Link to="/maestro" className="rounded-control px-1" aria-label="Maestro, dashboard"><Wordmark isIconOnly={isCollapsed} /></Link>
        <Button variant="ghost" size="icon-small" onClick={() => setPreferences({ isSidebarCollapsed: !isCollapsed })} aria-label={isCollapsed ? 'Widen sidebar' : 'Collapse sidebar'} aria-expanded={!isCollapsed}>
          <ToggleIcon aria-hidden />
        </Button>
      </div>
      <SidebarNav isCollapsed={isCollapsed} />
      <div className="flex-1" />
      <Separator />
      <SidebarFooter isCollapsed={isCollapsed} onHelp={onHelp} />
    </aside>
  );
};
