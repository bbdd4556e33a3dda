import { Separator } from '../ui/separator.tsx';
import { Sheet, SheetContent, SheetTitle } from '../ui/sheet.tsx';
import { SidebarFooter } from './maestro-sidebar.tsx';
import { SidebarNav } from './sidebar-nav.tsx';
import { Wordmark } from './wordmark.tsx';

/** The sidebar as a drawer, under 1024 px. */
export const NavigationDrawer = ({ isOpen, onOpenChange, onHelp }: { isOpen: boolean; onOpenChange: (isOpen: boolean) => void; onHelp: () => void }) => (
  <Sheet open={isOpen} onOpenChange={onOpenChange}>
    <SheetContent side="left" className="bg-sidebar" aria-describedby={undefined}>
      <SheetTitle><Wordmark /></SheetTitle>
      <SidebarNav onFollow={() => onOpenChange(false)} />
      <div className="flex-1" />
      <Separator />
      <SidebarFooter
        onHelp={() => {
          onOpenChange(false);
          onHelp();
        }}
      />
    </SheetContent>
  </Sheet>
);
