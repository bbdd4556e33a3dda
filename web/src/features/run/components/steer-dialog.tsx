import type { Run } from '@contracts/runs.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { toast } from 'sonner';
import { Button } from '@/components/ui/button.tsx';
import { Dialog, DialogContent, DialogDescription, DialogFooter, DialogHeader, DialogTitle } from '@/components/ui/dialog.tsx';
import { Field } from '@/components/ui/field.tsx';
import { Textarea } from '@/components/ui/textarea.tsx';
import { api } from '@/lib/api-client.ts';
import { sentenceOf } from '@/lib/api-error.ts';
import { refresh } from '@/lib/api-query.ts';

/** Says something into the conversation of an open run. */
export const SteerDialog = ({ run, isOpen, onClose }: { run: Run; isOpen: boolean; onClose: () => void }) => {
  const client = useQueryClient();
  const [message, setMessage] = useState('');
  const [isTried, setIsTried] = useState(false);
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: () => api.call('steerRun', { params: { run_id: run.run_id }, body: { message: message.trim() } }),
    onSuccess: async () => {
      toast.success('Message recorded', { description: 'The agent reads it on its next turn.' });
      setMessage('');
      setIsTried(false);
      onClose();
      await refresh(client, 'getRun', 'listSteps');
    },
  });
  const isEmpty = message.trim() === '';
  const send = (event?: FormEvent): void => {
    event?.preventDefault();
    setIsTried(true);
    if (!isEmpty && !isPending) mutate();
  };
  const problem = isTried && isEmpty ? 'Write what the agent should know or do.' : error === null ? undefined : sentenceOf(error);
  return (
    <Dialog
      open={isOpen}
      onOpenChange={() => {
        reset();
        setIsTried(false);
        onClose();
      }}
    >
      <DialogContent>
        <DialogHeader>
          <DialogTitle>Steer this run</DialogTitle>
          <DialogDescription>Your message enters the conversation. The agent reads it on its next turn; nothing under way is stopped.</DialogDescription>
        </DialogHeader>
        <form onSubmit={send} noValidate className="flex flex-col gap-4">
          <Field label="Message" isRequired error={problem} hint="Ctrl+Enter sends.">
            {(control) => (
              <Textarea
                {...control}
                value={message}
                maxLength={20_000}
                onChange={(event) => setMessage(event.target.value)}
                onKeyDown={(event) => {
                  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send(event);
                }}
              />
            )}
          </Field>
          <DialogFooter>
            <Button type="submit" isBusy={isPending}>Send</Button>
            <Button variant="outline" onClick={onClose} disabled={isPending}>Not now</Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
};
