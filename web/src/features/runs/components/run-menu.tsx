import { isTerminal, type Run } from '@contracts/runs.ts';
import { Link } from '@tanstack/react-router';
import { Ellipsis } from 'lucide-react';
import { Button } from '@/components/ui/button.tsx';
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuTrigger } from '@/components/ui/dropdown-menu.tsx';
import { shortId } from '@/lib/format.ts';

/** Secondary actions of a row of the list. `onCancel` is absent where the reader may not cancel. */
export const RunMenu = ({ run, onCancel }: { run: Run; onCancel: ((run: Run) => void) | undefined }) => (
  <DropdownMenu>
    <DropdownMenuTrigger asChild>
      <Button variant="ghost" size="icon-small" aria-label={`Actions for run ${shortId(run.run_id)}`}><Ellipsis aria-hidden /></Button>
    </DropdownMenuTrigger>
    <DropdownMenuContent align="end">
      <DropdownMenuItem asChild><Link to="/maestro/runs/compare" search={{ a: run.run_id }}>Compare with another run</Link></DropdownMenuItem>
      {run.temporal.ui_url !== null && <DropdownMenuItem asChild><a href={run.temporal.ui_url} target="_blank" rel="noreferrer">Open in Temporal</a></DropdownMenuItem>}
      {onCancel !== undefined && !isTerminal(run.status) && <DropdownMenuItem isDestructive onSelect={() => onCancel(run)}>Cancel run</DropdownMenuItem>}
    </DropdownMenuContent>
  </DropdownMenu>
);
