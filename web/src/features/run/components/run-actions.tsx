import { isTerminal, type Run } from '@contracts/runs.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Ban, CirclePause, ExternalLink, MessageSquarePlus, Play } from 'lucide-react';
import { lazy, Suspense, useMemo, useState } from 'react';
import { toast } from 'sonner';
import { LazyMenu } from '@/components/layout/lazy-menu.tsx';
import { announce } from '@/components/layout/live-region.tsx';
import { Button } from '@/components/ui/button.tsx';
import { useOnceTrue } from '@/hooks/use-once-true.ts';
import { api } from '@/lib/api-client.ts';
import { sentenceOf } from '@/lib/api-error.ts';
import { refresh } from '@/lib/api-query.ts';
import { useCan } from '@/lib/auth.tsx';
import { RunMenuButton } from './run-menu-button.tsx';

const loadMenu = () => import('./run-menu-items.tsx');
const Items = lazy(() => loadMenu().then((module) => ({ default: module.RunMenuItems })));
const CancelDialog = lazy(() => import('./cancel-dialog.tsx').then((module) => ({ default: module.CancelDialog })));
const SteerDialog = lazy(() => import('./steer-dialog.tsx').then((module) => ({ default: module.SteerDialog })));

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
  const canControl = useCan('runs:control') && !isTerminal(run.status);
  const [dialog, setDialog] = useState<'cancel' | 'steer'>();
  const close = (): void => setDialog(undefined);
  const { ui_url: temporalUrl } = run.temporal;
  const Menu = useMemo(() => () => <Items runId={run.run_id} temporalUrl={temporalUrl} />, [run.run_id, temporalUrl]);
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
      <LazyMenu button={(props) => <RunMenuButton {...props} />} load={loadMenu} Menu={Menu} />
      <Suspense fallback={null}>
        {useOnceTrue(dialog === 'cancel') && <CancelDialog run={run} isOpen={dialog === 'cancel'} onClose={close} />}
        {useOnceTrue(dialog === 'steer') && <SteerDialog run={run} isOpen={dialog === 'steer'} onClose={close} />}
      </Suspense>
    </>
  );
};
