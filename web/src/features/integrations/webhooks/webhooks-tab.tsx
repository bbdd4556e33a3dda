import type { Webhook } from '@contracts/notices.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ListChecks, Pencil, Plus, Send, Webhook as WebhookIcon } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { toast } from 'sonner';
import { DataBlock } from '@/components/data-block.tsx';
import { type Column, DataTable } from '@/components/data-table/data-table.tsx';
import { EmptyState } from '@/components/empty-state.tsx';
import { RelativeTime } from '@/components/figures.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Card } from '@/components/ui/card.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { api } from '@/lib/api-client.ts';
import { sentenceOf } from '@/lib/api-error.ts';
import { apiQuery, refresh } from '@/lib/api-query.ts';
import { useCan } from '@/lib/auth.tsx';
import { formatDuration } from '@/lib/format.ts';
import { ItemMenu } from '../components/item-menu.tsx';
import { LookPill } from '../components/look-pill.tsx';
import { connectionLooks } from '../components/state-looks.ts';
import { oneWhoWrites, whoWrites } from '../components/who-writes.ts';
import type { IntegrationsSearch, OnIntegrationsSearch } from '../search.ts';
import { deliveryLooks } from './delivery-looks.ts';
import { eventWords } from './webhook-values.ts';

// Opened by a press.
const WebhookSheet = lazy(() => import('./webhook-dialogs.tsx').then((module) => ({ default: module.WebhookSheet })));
const DeleteWebhookDialog = lazy(() => import('./webhook-dialogs.tsx').then((module) => ({ default: module.DeleteWebhookDialog })));
const DeliveriesSheet = lazy(() => import('./deliveries-sheet.tsx').then((module) => ({ default: module.DeliveriesSheet })));

const LastDelivery = ({ webhook: { last_delivery: last } }: { webhook: Webhook }) =>
  last === null ? <span className="text-muted-foreground">never</span> : (
    <span className="flex flex-col items-start gap-0.5 py-1">
      <span className="flex flex-wrap items-center gap-x-2"><LookPill look={deliveryLooks[last.state]} /><RelativeTime at={last.at} /></span>
      <span className="text-caption text-muted-foreground wrap-anywhere">{last.detail}</span>
    </span>
  );

const columns: Column<Webhook>[] = [
  {
    key: 'name', header: 'Webhook', className: 'min-w-32 py-2',
    cell: ({ name, is_enabled: isEnabled }) => <span className="flex flex-wrap items-center gap-x-2"><span className="font-medium wrap-anywhere">{name}</span>{!isEnabled && <LookPill look={connectionLooks.off} />}</span>,
  },
  {
    key: 'url', header: 'Address', className: 'w-full min-w-56 py-2',
    cell: ({ url, secret_hint: hint }) => (
      <>
        <code className="block text-caption wrap-anywhere">{url}</code>
        <span className="block text-caption text-muted-foreground">signed with <code>whsec_{hint}</code></span>
      </>
    ),
  },
  { key: 'events', header: 'Events', className: 'min-w-40', cell: ({ events }) => <span className="text-caption">{events.length === Object.keys(eventWords).length ? 'All' : events.map((kind) => eventWords[kind].word).join(', ')}</span> },
  { key: 'last', header: 'Last delivery', className: 'min-w-44', cell: (webhook) => <LastDelivery webhook={webhook} /> },
];

/** Other systems that hear of approvals: where each is, what it hears of, how the last delivery went. */
export const WebhooksTab = ({ search, onSearch }: { search: IntegrationsSearch; onSearch: OnIntegrationsSearch }) => {
  const canWrite = useCan('integrations:write');
  const queryClient = useQueryClient();
  const query = useQuery({ ...apiQuery('listWebhooks'), refetchInterval: 30_000 });
  const [deletedId, setDeletedId] = useState<string>();
  const [testedId, setTestedId] = useState<string>();
  const find = (id: string | undefined): Webhook | undefined => query.data?.items.find((webhook) => webhook.id === id);
  const [opened, deleted] = [find(search.id), find(deletedId)];
  const close = (): void => onSearch({ id: undefined, view: undefined });
  const fail = (error: unknown): void => void toast.error(sentenceOf(error), { duration: Number.POSITIVE_INFINITY });
  const test = async ({ id, name }: Webhook): Promise<void> => {
    setTestedId(id);
    try {
      const { ok, detail, duration_ms: ms } = await api.call('testWebhook', { params: { id } });
      const description = `${detail} · ${formatDuration(ms)}`;
      if (ok) toast.success(`${name} took the test`, { description });
      else toast.error(`${name} did not take the test`, { description, duration: Number.POSITIVE_INFINITY });
    } catch (error) {
      fail(error);
    } finally {
      setTestedId(undefined);
      void refresh(queryClient, 'listWebhooks', 'listWebhookDeliveries');
    }
  };
  const setEnabled = async ({ id, name, version }: Webhook, isEnabled: boolean): Promise<void> => {
    await api.call('updateWebhook', { params: { id }, body: { is_enabled: isEnabled, version } }).finally(() => void refresh(queryClient, 'listWebhooks'));
    toast.success(isEnabled ? `${name} is switched on` : `${name} is switched off`);
  };
  const addButton = canWrite && <Button onClick={() => onSearch({ id: 'new' })}><Plus aria-hidden />Add webhook</Button>;
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
        <p className="max-w-prose text-row text-muted-foreground">
          Other systems that hear of approvals, so that they can show them and decide with their own user’s token. Each request is signed, carries no arguments, and is repeated until it is taken.
          {!canWrite && <> Your role reads them; {whoWrites} add, test, change and delete them.</>}
        </p>
        {query.data !== undefined && query.data.items.length > 0 && addButton}
      </div>
      <DataBlock
        query={query}
        what="Webhooks"
        skeleton={<Skeleton className="h-48" />}
        isEmpty={({ items }) => items.length === 0}
        empty={<Card><EmptyState icon={WebhookIcon} title="No other system hears of approvals." action={addButton}>{canWrite ? 'Add the address of one; it gets a signing secret of its own.' : `Ask ${oneWhoWrites} to add one.`}</EmptyState></Card>}
      >
        {({ items }) => (
          <DataTable
            rows={items}
            columns={columns}
            rowKey={({ id }) => id}
            caption="Webhooks"
            actions={(webhook) => (
              <span className="flex justify-end gap-1">
                <Button variant="ghost" size="icon-small" onClick={() => onSearch({ id: webhook.id, view: 'deliveries' })} aria-label={`Deliveries to ${webhook.name}`} title="Deliveries"><ListChecks aria-hidden /></Button>
                {canWrite && (
                  <>
                    <Button variant="ghost" size="icon-small" isBusy={testedId === webhook.id} onClick={() => void test(webhook)} aria-label={`Send a test to ${webhook.name}`} title="Send a test"><Send aria-hidden /></Button>
                    <Button variant="ghost" size="icon-small" onClick={() => onSearch({ id: webhook.id, view: undefined })} aria-label={`Edit ${webhook.name}`} title="Edit"><Pencil aria-hidden /></Button>
                    <ItemMenu name={webhook.name} isEnabled={webhook.is_enabled} onSwitch={() => void setEnabled(webhook, !webhook.is_enabled).catch(fail)} onDelete={() => setDeletedId(webhook.id)} />
                  </>
                )}
              </span>
            )}
          />
        )}
      </DataBlock>
      <Suspense fallback={null}>
        {canWrite && search.id === 'new' && <WebhookSheet onClose={close} />}
        {opened !== undefined && search.view === 'deliveries' && <DeliveriesSheet webhook={opened} onClose={close} />}
        {canWrite && opened !== undefined && search.view !== 'deliveries' && <WebhookSheet key={opened.id} webhook={opened} onClose={close} />}
        {deleted !== undefined && <DeleteWebhookDialog webhook={deleted} onClose={() => setDeletedId(undefined)} />}
      </Suspense>
    </>
  );
};
