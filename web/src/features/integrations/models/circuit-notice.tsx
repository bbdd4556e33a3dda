import type { Connection } from '@contracts/connections.ts';
import { useQueryClient } from '@tanstack/react-query';
import { Hourglass } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { RelativeTime } from '@/components/figures.tsx';
import { Button } from '@/components/ui/button.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { api } from '@/lib/api-client.ts';
import { sentenceOf } from '@/lib/api-error.ts';
import { refresh } from '@/lib/api-query.ts';
import { countOf, formatClock } from '@/lib/format.ts';

/** A connection that rests after failures in a row: until when, why, and the way to send again at once. */
export const CircuitNotice = ({ connection, canWrite }: { connection: Connection; canWrite: boolean }) => {
  const queryClient = useQueryClient();
  const [isBusy, setIsBusy] = useState(false);
  const { circuit } = connection;
  if (circuit.state === 'closed' && circuit.last_error === null) return null;
  if (circuit.state === 'closed') {
    // A few failures that did not open it: said quietly, since they may be why a run was slow.
    return circuit.failures_in_row === 0 || circuit.last_error === null ? null : (
      <p className="text-row text-muted-foreground">
        {countOf(circuit.failures_in_row, 'failure')} in a row, last <RelativeTime at={circuit.last_error.at} />: <UntrustedText text={circuit.last_error.message} />
      </p>
    );
  }
  const close = async (): Promise<void> => {
    setIsBusy(true);
    try {
      await api.call('closeCircuit', { params: { id: connection.id } });
      await refresh(queryClient, 'listConnections', 'listIntegrations');
      toast.success(`${connection.name} is sent calls again`);
    } catch (error) {
      toast.error(sentenceOf(error), { duration: Number.POSITIVE_INFINITY });
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <div role="status" className="flex flex-col items-start gap-2 rounded-control bg-waiting-tint p-3 text-row text-waiting-text">
      <p className="flex gap-2">
        <Hourglass aria-hidden className="mt-0.5 size-4 shrink-0" />
        <span className="min-w-0 wrap-anywhere">
          <strong className="font-semibold">
            {circuit.state === 'half_open' || circuit.retry_at === null ? 'The next call is a trial' : `Resting until ${formatClock(circuit.retry_at)}`} after {countOf(circuit.failures_in_row, 'failure')}
          </strong>
          {circuit.last_error !== null && <>: <UntrustedText text={circuit.last_error.message} /></>}
        </span>
      </p>
      {canWrite && <Button variant="outline" size="small" isBusy={isBusy} onClick={() => void close()}>Send again now</Button>}
    </div>
  );
};
