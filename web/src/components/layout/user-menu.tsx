import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { LogOut, Settings } from 'lucide-react';
import { toast } from 'sonner';
import { sentenceOf } from '@/lib/api-error.ts';
import { signOut, useUser } from '@/lib/auth.tsx';
import { humanize } from '@/lib/format.ts';
import { Button } from '../ui/button.tsx';
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuLabel, DropdownMenuSeparator, DropdownMenuTrigger } from '../ui/dropdown-menu.tsx';

const initials = (name: string): string =>
  name.split(/\s+/).filter(Boolean).slice(0, 2).map((word) => [...word][0]?.toUpperCase() ?? '').join('') || '?';

/** Who is signed in and as what, settings, sign out. */
export const UserMenu = ({ isIconOnly = false }: { isIconOnly?: boolean }) => {
  const user = useUser();
  const queryClient = useQueryClient();
  const leave = (): void => {
    // The page closes either way; a server that could not be told still holds the renewal cookie until it ends.
    signOut(queryClient).catch((error: unknown) => toast.error('Signed out on this page only', { description: sentenceOf(error), duration: Infinity }));
  };
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="ghost" className={isIconOnly ? 'size-9 p-0 max-sm:size-11' : 'h-12 justify-start px-2 text-left font-normal'} aria-label={`User menu: ${user.name}, ${user.role}`}>
          <span aria-hidden className="flex size-7 shrink-0 items-center justify-center rounded-full bg-primary text-caption font-semibold text-primary-foreground">{initials(user.name)}</span>
          {!isIconOnly && (
            <span className="flex min-w-0 flex-col">
              <span className="truncate text-row font-medium">{user.name}</span>
              <span className="truncate text-caption text-muted-foreground">{humanize(user.role)}</span>
            </span>
          )}
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent side="top" align="start" className="w-56">
        <DropdownMenuLabel>
          <span className="block truncate text-body text-foreground">{user.email}</span>
          {humanize(user.role)}
        </DropdownMenuLabel>
        <DropdownMenuSeparator />
        <DropdownMenuItem asChild>
          <Link to="/settings"><Settings aria-hidden />Settings</Link>
        </DropdownMenuItem>
        <DropdownMenuItem onSelect={leave}><LogOut aria-hidden />Sign out</DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
};
