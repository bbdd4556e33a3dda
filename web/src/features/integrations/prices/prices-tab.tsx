import type { ModelPrice } from '@contracts/connections.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Pencil, Plus, Search, SearchX, Tags, Undo2 } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { toast } from 'sonner';
import { ConfirmDialog } from '@/components/confirm-dialog.tsx';
import { DataBlock } from '@/components/data-block.tsx';
import { aboveRowLink, type Column, DataTable } from '@/components/data-table/data-table.tsx';
import { EmptyState } from '@/components/empty-state.tsx';
import { Unknown } from '@/components/figures.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Card } from '@/components/ui/card.tsx';
import { Input } from '@/components/ui/input.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { useGrowingCount } from '@/hooks/use-growing-count.ts';
import { api } from '@/lib/api-client.ts';
import { apiQuery, refresh } from '@/lib/api-query.ts';
import { useCan } from '@/lib/auth.tsx';
import { countOf, formatInteger } from '@/lib/format.ts';
import { whoWrites } from '../components/who-writes.ts';
import type { IntegrationsSearch, OnIntegrationsSearch } from '../search.ts';
import { microUsdToDollars } from './dollars.ts';
import { filterPrices, providerWords } from './price-values.ts';

const SetPriceDialog = lazy(() => import('./set-price-dialog.tsx').then((module) => ({ default: module.SetPriceDialog })));

const Rate = ({ rate }: { rate: number | null }) =>
  rate === null ? <span className={aboveRowLink}><Unknown reason="not charged apart: the input rate counts" /></span> : <span className="tabular">${microUsdToDollars(rate)}</span>;

/** What models cost, in dollars per million tokens, where each price is from and who set it. */
export const PricesTab = ({ search, onSearch }: { search: IntegrationsSearch; onSearch: OnIntegrationsSearch }) => {
  const canWrite = useCan('integrations:write');
  const queryClient = useQueryClient();
  const prices = useQuery(apiQuery('listPrices'));
  const connections = useQuery(apiQuery('listConnections'));
  const [setting, setSetting] = useState<{ price: ModelPrice | undefined }>();
  const [taking, setTaking] = useState<ModelPrice>();
  const text = search.text ?? '';
  const nameOf = ({ connection_id: id, provider }: ModelPrice): string =>
    id === null ? `any ${providerWords[provider]} connection` : (connections.data?.items.find((connection) => connection.id === id)?.name ?? 'a connection that is gone');
  const shown = filterPrices(prices.data?.items ?? [], text, nameOf);
  const { count, endRef, grow } = useGrowingCount(shown.length, text);
  const takeBack = async (price: ModelPrice): Promise<void> => {
    await api.call('deletePrice', { params: { id: price.id } });
    void refresh(queryClient, 'listPrices', 'listModels');
    toast.success(`The set price of ${price.model} is taken back`);
  };
  const columns: Column<ModelPrice>[] = [
    {
      key: 'model', header: 'Model', className: 'min-w-40 py-1.5',
      cell: (price) => <><span className="block font-mono text-row wrap-anywhere">{price.model}</span><span className="block text-caption text-muted-foreground">{nameOf(price)}</span></>,
    },
    { key: 'input', header: 'Input', align: 'right', cell: (price) => <Rate rate={price.input} /> },
    { key: 'output', header: 'Output', align: 'right', cell: (price) => <Rate rate={price.output} /> },
    { key: 'cached', header: 'Cached', align: 'right', cell: (price) => <Rate rate={price.cached_input} /> },
    { key: 'write', header: 'Cache write', align: 'right', cell: (price) => <Rate rate={price.cache_write} /> },
    {
      key: 'source', header: 'Source', showFrom: 'md', className: 'max-w-64',
      cell: (price) => <><span className="block truncate max-sm:whitespace-normal" title={price.source}>{price.source}</span><span className="block text-caption text-muted-foreground">as of <span className="tabular">{price.as_of}</span> · {price.is_built_in ? 'built in' : `set by ${price.updated_by ?? 'an admin'}`}</span></>,
    },
  ];
  const setButton = canWrite && <Button onClick={() => setSetting({ price: undefined })}><Plus aria-hidden />Set a price</Button>;
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
        <p className="max-w-prose text-row text-muted-foreground">
          US dollars per million tokens. A model without a price costs “–”, never 0: its runs are not held back by a cost limit, and sums that hold it are unknown.
          {!canWrite && <> Your role reads prices; {whoWrites} set them.</>}
        </p>
        {setButton}
      </div>
      <span className="relative mb-4 block sm:w-72">
        <Search aria-hidden className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-muted-foreground" />
        <Input data-filter type="search" aria-label="Model, connection or source" placeholder="Model, connection or source" value={text} maxLength={200} onChange={(event) => onSearch({ text: event.target.value || undefined }, { replace: true })} className="pl-9" />
      </span>
      <DataBlock
        query={prices}
        what="Prices"
        skeleton={<Skeleton className="h-64" />}
        isEmpty={() => shown.length === 0}
        isFiltered={text.trim() !== ''}
        empty={<Card><EmptyState icon={Tags} title="No price is known." action={setButton}>Costs are “–” until prices are set.</EmptyState></Card>}
        emptyFiltered={<Card><EmptyState icon={SearchX} title={`No price matches “${text}”.`} action={<Button variant="outline" onClick={() => onSearch({ text: undefined }, { replace: true })}>Clear filter</Button>} /></Card>}
      >
        {() => (
          <>
            <DataTable
              rows={shown.slice(0, count)}
              columns={columns}
              rowKey={({ id }) => id}
              caption="Prices of models"
              {...(canWrite
                ? {
                    actions: (price: ModelPrice) => (
                      <span className="flex justify-end gap-1">
                        <Button variant="ghost" size="icon-small" onClick={() => setSetting({ price })} aria-label={`Set the price of ${price.model}, ${nameOf(price)}`}><Pencil aria-hidden /></Button>
                        {!price.is_built_in && <Button variant="ghost" size="icon-small" onClick={() => setTaking(price)} aria-label={`Take back the price of ${price.model}, ${nameOf(price)}`}><Undo2 aria-hidden /></Button>}
                      </span>
                    ),
                  }
                : {})}
            />
            <div ref={endRef} className="mt-3 flex flex-wrap items-center gap-3 text-caption text-muted-foreground">
              <span>{count < shown.length ? `${formatInteger(count)} of ${countOf(shown.length, 'price')}` : countOf(shown.length, 'price')}</span>
              {count < shown.length && <Button variant="outline" size="small" onClick={grow}>Show more</Button>}
            </div>
          </>
        )}
      </DataBlock>
      <Suspense fallback={null}>
        {setting !== undefined && <SetPriceDialog price={setting.price} isOpen onOpenChange={(isOpen) => !isOpen && setSetting(undefined)} />}
      </Suspense>
      {taking !== undefined && (
        <ConfirmDialog isOpen onOpenChange={(isOpen) => !isOpen && setTaking(undefined)} title={`Take back the price of ${taking.model}?`} confirmLabel="Take back" onConfirm={() => takeBack(taking)}>
          The price set for {nameOf(taking)} goes. The general or built-in price counts again, or the cost is unknown where there is none. Costs already recorded stay.
        </ConfirmDialog>
      )}
    </>
  );
};
