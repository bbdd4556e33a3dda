import type { Webhook, WebhookDelivery } from '@contracts/notices.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Send } from 'lucide-react';
import { DataBlock } from '@/components/data-block.tsx';
import { EmptyState } from '@/components/empty-state.tsx';
import { RelativeTime } from '@/components/figures.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Sheet, SheetContent, SheetDescription, SheetTitle } from '@/components/ui/sheet.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { apiPages } from '@/lib/api-query.ts';
import { countOf } from '@/lib/format.ts';
import { LookPill } from '../components/look-pill.tsx';
import { deliveryLooks } from './delivery-looks.ts';
import { deliveryWord } from './webhook-values.ts';

const Delivery = ({ delivery }: { delivery: WebhookDelivery }) => (
  <li className="flex flex-col gap-1 border-b py-3 last:border-b-0">
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <LookPill look={deliveryLooks[delivery.state]} />
      <span className="text-body font-medium">{deliveryWord(delivery.kind)}</span>
      <span className="ml-auto text-caption text-muted-foreground"><RelativeTime at={delivery.sent_at ?? delivery.created_at} /></span>
    </span>
    <span className="text-row wrap-anywhere">{delivery.detail === '' ? 'Not tried yet.' : delivery.detail}</span>
    <span className="flex flex-wrap gap-x-3 text-caption text-muted-foreground">
      <span>{countOf(delivery.attempts, 'attempt')}</span>
      <code className="wrap-anywhere">{delivery.id}</code>
      {delivery.approval_id !== null && <Link to="/hitl/$requestId" params={{ requestId: delivery.approval_id }} className="text-primary underline underline-offset-4">The request</Link>}
    </span>
  </li>
);

/** What was sent to a webhook or waits for it, newest first. */
export const DeliveriesSheet = ({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) => {
  // Deliveries tell nobody of themselves: they are asked for while somebody looks.
  const query = useInfiniteQuery({ ...apiPages('listWebhookDeliveries', { params: { id: webhook.id }, query: { limit: 30 } }), refetchInterval: 5_000 });
  const items = query.data?.pages.flatMap((page) => page.items);
  return (
    <Sheet open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <SheetContent>
        <SheetTitle className="text-page wrap-anywhere">Deliveries to {webhook.name}</SheetTitle>
        <SheetDescription>One that fails is sent again, later each time, under the same id, for about a day. They are kept for 30 days.</SheetDescription>
        <DataBlock
          query={{ ...query, data: items }}
          what="Deliveries"
          skeleton={<Skeleton className="h-48" />}
          isEmpty={(found) => found.length === 0}
          empty={<EmptyState icon={Send} title="Nothing was sent yet.">The next event it listens to is sent at once; a test can be sent from the list.</EmptyState>}
        >
          {(found) => (
            <>
              <ul aria-label="Deliveries">{found.map((delivery) => <Delivery key={delivery.id} delivery={delivery} />)}</ul>
              {query.hasNextPage && <Button variant="outline" onClick={() => void query.fetchNextPage()} isBusy={query.isFetchingNextPage}>Show older</Button>}
            </>
          )}
        </DataBlock>
      </SheetContent>
    </Sheet>
  );
};
