import { useNavigate } from '@tanstack/react-router';
import { ExternalLink, GitCompareArrows, Link as LinkIcon } from 'lucide-react';
import { toast } from 'sonner';
import { useOpenOnArrival } from '@/components/layout/lazy-menu.tsx';
import { announce } from '@/components/layout/live-region.tsx';
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuTrigger } from '@/components/ui/dropdown-menu.tsx';
import { RunMenuButton } from './run-menu-button.tsx';

const copyLink = async (): Promise<void> => {
  try {
    await navigator.clipboard.writeText(location.href);
    announce('Link copied.');
    toast.success('Link copied');
  } catch {
    toast.error('The browser does not allow copying here. Copy the address instead.');
  }
};

/** The menu itself, opened as it arrives. */
export const RunMenuItems = ({ runId, temporalUrl }: { runId: string; temporalUrl: string | null }) => {
  const navigate = useNavigate();
  const menu = useOpenOnArrival();
  return (
    <DropdownMenu {...menu}>
      <DropdownMenuTrigger asChild><RunMenuButton /></DropdownMenuTrigger>
      <DropdownMenuContent align="end">
        <DropdownMenuItem onSelect={() => void copyLink()}><LinkIcon aria-hidden />Copy link</DropdownMenuItem>
        <DropdownMenuItem onSelect={() => void navigate({ to: '/maestro/runs/compare', search: { a: runId } })}><GitCompareArrows aria-hidden />Compare with another run</DropdownMenuItem>
        {temporalUrl !== null && (
          <DropdownMenuItem className="sm:hidden" onSelect={() => window.open(temporalUrl, '_blank', 'noopener,noreferrer')}><ExternalLink aria-hidden />Open in Temporal</DropdownMenuItem>
        )}
      </DropdownMenuContent>
    </DropdownMenu>
  );
};
