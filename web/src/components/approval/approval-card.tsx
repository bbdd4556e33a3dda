import type { ApprovalRequest } from '@contracts/approvals.ts';
import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { Compass } from 'lucide-react';
import { useState } from 'react';
import { hasCode } from '@/lib/api-error.ts';
import { apiQuery } from '@/lib/api-query.ts';
import { DataBlock } from '../data-block.tsx';
import { EmptyState } from '../empty-state.tsx';
import { Card } from '../ui/card.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { ApprovalCardBody } from './approval-card-body.tsx';
import type { HeadingLevel } from './card-parts.tsx';
import { takeUpPollMs } from './decision/take-up-poll.ts';

const CardSkeleton = () => (
  <Card className="gap-4 p-4">
    <Skeleton className="h-6 w-48" />
    <Skeleton className="h-6 w-3/4" />
    <Skeleton className="h-24" />
    <Skeleton className="h-48" />
    <Skeleton className="h-12" />
  </Card>
);

const findListed = (client: QueryClient, requestId: string): ApprovalRequest | undefined =>
  client.getQueriesData<{ items?: ApprovalRequest[]; pages?: { items: ApprovalRequest[] }[] }>({ queryKey: ['listApprovals'] })
    .flatMap(([, data]) => data?.items ?? data?.pages?.flatMap(({ items }) => items) ?? [])
    .find(({ id }) => id === requestId);

/**
 * One approval request with everything needed to decide it, and the decision itself. Loads and keeps itself up to date.
 * After a decision the focus goes to the next open card of the page, else to its own heading; `onDecided` replaces that.
 */
export const HITLApprovalCard = ({
  requestId,
  headingLevel = 2,
  hasShortcuts = false,
  takesFocus = false,
  onDecided,
}: {
  requestId: string;
  headingLevel?: HeadingLevel;
  /** A, E and R act on this card: only where it is the one thing on the page. */
  hasShortcuts?: boolean;
  /** The heading takes the focus when the card appears. */
  takesFocus?: boolean;
  /** Called once the decision is recorded and the card is settled. */
  onDecided?: (settled: ApprovalRequest) => void;
}) => {
  const client = useQueryClient();
  const query = useQuery({
    ...apiQuery('getApproval', { params: { id: requestId } }),
    // Asked for until the run has taken the decision up: there is no event for that moment.
    refetchInterval: ({ state }) => (state.data === undefined ? false : takeUpPollMs(state.data, Date.now() - state.dataUpdatedAt)),
  });
  // A list that is on the screen holds the request without what surrounds it: it is shown at once, the rest is read behind it.
  const [listed] = useState(() => findListed(client, requestId));
  // An id that is no id at all is refused by form; to the reader it is the same.
  if (query.data === undefined && hasCode(query.error, 'APPROVAL_NOT_FOUND', 'VALIDATION_FAILED')) {
    return <Card><EmptyState icon={Compass} title="There is no such approval request.">The address may be mistyped.</EmptyState></Card>;
  }
  return (
    <DataBlock query={{ ...query, data: query.data ?? (query.error === null ? listed : undefined) }} what="The approval request" skeleton={<CardSkeleton />}>
      {(request) => (
        <ApprovalCardBody
          key={request.id}
          request={request}
          details={query.data}
          receivedAt={query.dataUpdatedAt === 0 ? Date.parse(request.server_time) : query.dataUpdatedAt}
          headingLevel={headingLevel}
          hasShortcuts={hasShortcuts}
          takesFocus={takesFocus}
          {...(onDecided === undefined ? {} : { onDecided })}
        />
      )}
    </DataBlock>
  );
};
