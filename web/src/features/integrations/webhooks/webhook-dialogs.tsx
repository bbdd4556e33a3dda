import type { CreatedWebhook, Webhook } from '@contracts/notices.ts';
import { useQueryClient } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { ConfirmDialog } from '@/components/confirm-dialog.tsx';
import { CopyButton } from '@/components/copy-button.tsx';
import { Button } from '@/components/ui/button.tsx';
import { api } from '@/lib/api-client.ts';
import { refresh } from '@/lib/api-query.ts';
import { FormSheet } from '../forms/form-sheet.tsx';
import { WebhookForm } from './webhook-form.tsx';

/** The signing secret, shown this once: it is not closed by a press beside it. */
const SecretOnce = ({ created, onDone }: { created: CreatedWebhook; onDone: () => void }) => (
  <div className="flex min-h-0 flex-1 flex-col">
    <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto p-4 sm:px-6">
      <div role="status" className="flex flex-col gap-3 rounded-card border border-waiting-text bg-waiting-tint p-4 text-waiting-text">
        <p className="flex items-center gap-2 text-body font-semibold"><KeyRound aria-hidden className="size-4 shrink-0" />Copy the signing secret now</p>
        <p className="text-row">It is kept encrypted and is not shown again. If it is lost, add the webhook anew.</p>
        <p className="flex items-center gap-2 rounded-control bg-card p-2 text-foreground"><code data-testid="webhook-secret" className="min-w-0 flex-1 text-row break-all select-all">{created.secret}</code></p>
        <CopyButton text={created.secret} label="Copy the secret" isIconOnly={false} className="self-start" />
      </div>
      <p className="text-row text-muted-foreground">The receiver checks with it that a request is from here and was not changed, by any library of <a href="https://www.standardwebhooks.com" target="_blank" rel="noopener noreferrer" className="text-primary underline underline-offset-4">Standard Webhooks</a>: over <code>webhook-id</code>, <code>webhook-timestamp</code> and the body. An event may come more than once, always under the same <code>webhook-id</code>.</p>
    </div>
    <div className="flex flex-row-reverse gap-3 border-t bg-popover px-4 py-3 sm:px-6"><Button onClick={onDone}>I have copied it</Button></div>
  </div>
);

/** The sheet of a webhook: a new one, whose secret is shown once it is added, or the one that is given. */
export const WebhookSheet = ({ webhook, onClose }: { webhook?: Webhook | undefined; onClose: () => void }) => {
  const [created, setCreated] = useState<CreatedWebhook>();
  return (
    <FormSheet
      title={created !== undefined ? `${created.name} was added` : webhook === undefined ? 'Add a webhook' : `Edit ${webhook.name}`}
      description={created !== undefined ? 'One thing is left to do.' : 'Another system that hears of approvals. It gets ids and small facts, never arguments.'}
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
    >
      {({ onDone, onDirty }) => (created === undefined
        ? <WebhookForm
            webhook={webhook}
            onDone={onDone}
            onDirty={onDirty}
            onCreated={(made) => {
              setCreated(made);
              onDirty(true);
            }}
          />
        : <SecretOnce created={created} onDone={onDone} />)}
    </FormSheet>
  );
};

/** Asks before a webhook is deleted. */
export const DeleteWebhookDialog = ({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) => {
  const queryClient = useQueryClient();
  const remove = async (): Promise<void> => {
    await api.call('deleteWebhook', { params: { id: webhook.id } });
    toast.success('Webhook deleted', { description: webhook.name });
    void refresh(queryClient, 'listWebhooks');
  };
  return (
    <ConfirmDialog isOpen onOpenChange={(isOpen) => !isOpen && onClose()} title={`Delete ${webhook.name}?`} confirmLabel="Delete webhook" onConfirm={remove}>
      <p>Nothing is sent to {webhook.url} any more. Its secret, what waits for it and the list of its deliveries are erased.</p>
    </ConfirmDialog>
  );
};
