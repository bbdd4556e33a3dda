import { isTerminal, type Run } from '@contracts/runs.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Ban, CirclePause, Ellipsis, ExternalLink, GitCompareArrows, Link as LinkIcon, MessageSquarePlus, Play } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { announce } from '@/components/layout/live-region.tsx';
import { Button } from '@/components/ui/button.tsx';
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuTrigger } from '@/components/ui/dropdown-menu.tsx';
import { api } from '@/lib/api-client.ts';
import { sentenceOf } from '@/lib/api-error.ts';
import { refresh } from '@/lib/api-query.ts';
import { useCan } from '@/lib/auth.tsx';
import { CancelDialog } from './cancel-dialog.tsx';
import { SteerDialog } from './steer-dialog.tsx';

const copyLink = async (): Promise<void> => {
  try {
    await navigator.clipboard.writeText(location.href);
    announce('Link copied.');
    toast.success('Link copied');
  } catch {
    toast.error('The browser does not allow copying here. Copy the address instead.');
  }
};

/** Pause and Resume: noted by the server, the state follows by event. */
const HoldButton = ({ run }: { run: Run }) => {
  const client = useQueryClient();
  const isPaused = run.status === 'paused';
  const { mutate, isPending } = useMutation({
    mutationFn: () => api.call(isPaused ? 'resumeRun' : 'pauseRun', { params: { run_id: run.run_id } }),
    onSuccess: () => announce(isPaused ? 'The run goes on.' : 'The run pauses before its next step.'),
    onError: (error) => toast.error(sentenceOf(error), { duration: Number.POSITIVE_INFINITY }),
    onSettled: () => refresh(client, 'getRun'),
  });
  return (
    <Button variant="outline" size="small" isBusy={isPending} onClick={() => mutate()}>
      {!isPending && (isPaused ? <Play aria-hidden /> : <CirclePause aria-hidden />)}
      {isPaused ? 'Resume' : 'Pause'}
    </Button>
  );
};

/** What can be done with a run: what its state and the reader's role allow. */
export const RunActions = ({ run }: { run: Run }) => {
  const navigate = useNavigate();
  const canControl = useCan('runs:control') && !isTerminal(run.status);
  const [dialog, setDialog] = useState<'cancel' | 'steer'>();
  const close = (): void => setDialog(undefined);
  const { ui_url: temporalUrl } = run.temporal;
  return (
    <>
      {canControl && (
        <>
          <Button variant="outline" size="small" onClick={() => setDialog('steer')}><MessageSquarePlus aria-hidden />Steer</Button>
          {run.status !== 'queued' && <HoldButton run={run} />}
          <Button variant="outline" size="small" className="text-destructive" onClick={() => setDialog('cancel')}><Ban aria-hidden />Cancel run</Button>
        </>
      )}
      {temporalUrl !== null && (
        <Button asChild variant="outline" size="small" className="max-sm:hidden">
          <a href={temporalUrl} target="_blank" rel="noreferrer"><ExternalLink aria-hidden />Open in Temporal<span className="sr-only"> (new tab)</span></a>
        </Button>
      )}
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button variant="outline" size="icon" className="size-8" aria-label="More actions"><Ellipsis aria-hidden /></Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end">
          <DropdownMenuItem onSelect={() => void copyLink()}><LinkIcon aria-hidden />Copy link</DropdownMenuItem>
          <DropdownMenuItem onSelect={() => void navigate({ to: '/maestro/runs/compare', search: { a: run.run_id } })}><GitCompareArrows aria-hidden />Compare with another run</DropdownMenuItem>
          {temporalUrl !== null && (
            <DropdownMenuItem className="sm:hidden" onSelect={() => window.open(temporalUrl, '_blank', 'noopener,noreferrer')}><ExternalLink aria-hidden />Open in Temporal</DropdownMenuItem>
          )}
        </DropdownMenuContent>
      </DropdownMenu>
      <CancelDialog run={run} isOpen={dialog === 'cancel'} onClose={close} />
      <SteerDialog run={run} isOpen={dialog === 'steer'} onClose={close} />
    </>
  );
};
