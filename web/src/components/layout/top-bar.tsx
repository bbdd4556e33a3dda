import { Link } from '@tanstack/react-router';
import { ChevronRight, Menu } from 'lucide-react';
import { Button } from '../ui/button.tsx';
import { LiveChip } from './live-chip.tsx';
import { useCrumbs } from './page-info.ts';

/** Where you are, and on small screens the way to everything else. */
export const TopBar = ({ onMenu }: { onMenu: () => void }) => {
  const crumbs = useCrumbs();
  return (
    <div className="sticky top-0 z-30 flex h-12 items-center gap-2 border-b bg-background/95 px-4 md:px-6">
      <Button variant="ghost" size="icon" className="-ml-2 max-sm:hidden lg:hidden" onClick={onMenu} aria-label="Open navigation" aria-haspopup="dialog">
        <Menu aria-hidden />
      </Button>
      <nav aria-label="Breadcrumb" className="min-w-0 flex-1">
        <ol className="flex min-w-0 items-center gap-1 text-row text-muted-foreground">
          {crumbs.map((crumb, index) => (
            <li key={`${index}-${crumb.label}`} className="flex min-w-0 items-center gap-1 last:text-foreground">
              {index > 0 && <ChevronRight aria-hidden className="size-3.5 shrink-0" />}
              {crumb.to === undefined ? (
                <span aria-current="page" className="truncate font-medium">{crumb.label}</span>
              ) : (
                <Link to={crumb.to} className="truncate rounded-control py-0.5 hover:text-foreground hover:underline">{crumb.label}</Link>
              )}
            </li>
          ))}
        </ol>
      </nav>
      <span className="lg:hidden"><LiveChip isIconOnly /></span>
    </div>
  );
};
