import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { LogOut, Settings } from 'lucide-react';
import { toast } from 'sonner';
import { sentenceOf } from '@/lib/api-error.ts';
import { signOut, useUser } from '@/lib/auth.tsx';
import { humanize } from '@/lib/format.ts';
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuLabel, DropdownMenuSeparator, DropdownMenuTrigger } from '../ui/dropdown-menu.tsx';
import { useOpenOnArrival } from './lazy-menu.tsx';
import { UserButton } from './user-button.tsx';

/** The user menu itself, opened as it arrives. */
export const UserMenuItems = ({ isIconOnly }: { isIconOnly: boolean }) => {
  const user = useUser();
  const menu = useOpenOnArrival();
  const queryClient = useQueryClient();
  const leave = (): void => {
    // The page closes either way; a server that could not be told still holds the renewal cookie until it ends.
    signOut(queryClient).catch((error: unknown) => toast.error('Signed out on this page only', { description: sentenceOf(error), duration: Infinity }));
  };
  return (
    <DropdownMenu {...menu}>
      <DropdownMenuTrigger asChild><UserButton isIconOnly={isIconOnly} /></DropdownMenuTrigger>
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
