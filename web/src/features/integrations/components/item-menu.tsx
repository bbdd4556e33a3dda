import { EllipsisVertical, Power, Trash2 } from 'lucide-react';
import { Button } from '@/components/ui/button.tsx';
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuSeparator, DropdownMenuTrigger } from '@/components/ui/dropdown-menu.tsx';

/** What an admin seldom does with something outside: switch it, delete it. */
export const ItemMenu = ({ name, isEnabled, onSwitch, onDelete }: { name: string; isEnabled: boolean; onSwitch: () => void; onDelete: () => void }) => (
  <DropdownMenu>
    <DropdownMenuTrigger asChild><Button variant="ghost" size="icon-small" aria-label={`More actions for ${name}`}><EllipsisVertical aria-hidden /></Button></DropdownMenuTrigger>
    <DropdownMenuContent align="start">
      <DropdownMenuItem onSelect={onSwitch}><Power aria-hidden />{isEnabled ? 'Switch off' : 'Switch on'}</DropdownMenuItem>
      <DropdownMenuSeparator />
      <DropdownMenuItem isDestructive onSelect={onDelete}><Trash2 aria-hidden />Delete</DropdownMenuItem>
    </DropdownMenuContent>
  </DropdownMenu>
);
