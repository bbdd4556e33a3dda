import { Outlet, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { useShortcuts } from '@/hooks/use-shortcuts.ts';
import { useSession } from '@/lib/auth.tsx';
import { LiveProvider } from '@/lib/live/live-provider.tsx';
import { ApprovalNotices } from './approval-notices.tsx';
import { BottomBar } from './bottom-bar.tsx';
import { MaestroSidebar } from './maestro-sidebar.tsx';
import { navigationItems } from './navigation.ts';
import { TopBar } from './top-bar.tsx';

// Opened rarely, so their code is not part of the first page.
const HelpDialog = lazy(() => import('./help-dialog.tsx').then((module) => ({ default: module.HelpDialog })));
const NavigationDrawer = lazy(() => import('./navigation-drawer.tsx').then((module) => ({ default: module.NavigationDrawer })));
const SessionLostDialog = lazy(() => import('./session-lost-dialog.tsx').then((module) => ({ default: module.SessionLostDialog })));

/** Puts the filter of the page into focus, if it has one. */
const focusFilter = (): void => document.querySelector<HTMLElement>('[data-filter]')?.focus();

/** Everything around a page: skip link, sidebar, top bar, bottom bar, notices. */
export const AppShell = () => {
  const navigate = useNavigate();
  const isSessionLost = useSession().status === 'lost';
  const [isHelpOpen, setIsHelpOpen] = useState(false);
  const [isMenuOpen, setIsMenuOpen] = useState(false);
  const openHelp = (): void => setIsHelpOpen(true);
  const openMenu = (): void => setIsMenuOpen(true);

  useShortcuts({
    ...Object.fromEntries(navigationItems.map((item) => [`g ${item.key}`, () => void navigate({ to: item.to })])),
    '?': openHelp,
    '/': focusFilter,
    c: () => void navigate({ to: '/agents', search: { create: true } }),
  });

  return (
    <LiveProvider>
      <a href="#main" className="sr-only z-50 rounded-control bg-primary px-3 py-2 text-primary-foreground focus:not-sr-only focus:fixed focus:top-2 focus:left-2">
        Skip to content
      </a>
      <div className="flex min-h-dvh">
        <MaestroSidebar onHelp={openHelp} />
        <div className="flex min-w-0 flex-1 flex-col">
          <TopBar onMenu={openMenu} />
          <main id="main" tabIndex={-1} className="mx-auto w-full max-w-[1600px] flex-1 p-4 pb-24 outline-none sm:p-6 sm:pb-6">
            <Outlet />
          </main>
        </div>
      </div>
      <BottomBar onMore={openMenu} />
      <ApprovalNotices />
      <Suspense fallback={null}>
        {isHelpOpen && <HelpDialog isOpen onOpenChange={setIsHelpOpen} />}
        {isMenuOpen && <NavigationDrawer isOpen onOpenChange={setIsMenuOpen} onHelp={openHelp} />}
        {isSessionLost && <SessionLostDialog />}
      </Suspense>
    </LiveProvider>
  );
};
