import { Link } from '@tanstack/react-router';
import { AlarmClockPlus, Hand, Link2, SquareArrowOutUpRight } from 'lucide-react';
import { useOpenOnArrival } from '../layout/lazy-menu.tsx';
import { announce } from '../layout/live-region.tsx';
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuTrigger } from '../ui/dropdown-menu.tsx';
import { CardMenuButton } from './card-menu-button.tsx';

/** The card's menu itself, opened as it arrives. `onExtend` and `onTakeOver` are absent where they cannot be done. */
export const CardMenuItems = ({ requestId, runId, onExtend, onTakeOver }: { requestId: string; runId: string; onExtend?: (() => void) | undefined; onTakeOver?: (() => void) | undefined }) => {
  const menu = useOpenOnArrival();
  const copyLink = (): void => {
    navigator.clipboard.writeText(new URL(`/hitl/${requestId}`, location.origin).href).then(() => announce('Link copied.'), () => announce('The browser does not allow copying here.', 'assertive'));
  };
  return (
    <DropdownMenu {...menu}>
      <DropdownMenuTrigger asChild><CardMenuButton /></DropdownMenuTrigger>
      <DropdownMenuContent align="end">
        {onExtend !== undefined && <DropdownMenuItem onSelect={onExtend}><AlarmClockPlus aria-hidden />Let it wait longer</DropdownMenuItem>}
        {onTakeOver !== undefined && <DropdownMenuItem onSelect={onTakeOver}><Hand aria-hidden />Give the result by hand</DropdownMenuItem>}
        <DropdownMenuItem onSelect={copyLink}><Link2 aria-hidden />Copy link</DropdownMenuItem>
        <DropdownMenuItem asChild>
          <Link to="/maestro/runs/$runId" params={{ runId }}><SquareArrowOutUpRight aria-hidden />Open run</Link>
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
};
