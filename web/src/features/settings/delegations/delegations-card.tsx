import type { Delegation } from '@contracts/people.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { UserCheck } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { ConfirmDialog } from '@/components/confirm-dialog.tsx';
import { DataBlock } from '@/components/data-block.tsx';
import { Badge } from '@/components/ui/badge.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Card, CardContent, CardHeader, CardTitle } from '@/components/ui/card.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { api } from '@/lib/api-client.ts';
import { apiQuery, refresh } from '@/lib/api-query.ts';
import { useUser } from '@/lib/auth.tsx';
import { cn } from '@/lib/cn.ts';
import { formatAbsoluteTime, humanize } from '@/lib/format.ts';
import { DelegationDialog } from './delegation-dialog.tsx';

const isCurrent = ({ state }: Delegation): boolean => state === 'active' || state === 'planned';

const Row = ({ delegation, onRevoke }: { delegation: Delegation; onRevoke: () => void }) => {
  const me = useUser();
  const { from, to, starts_at: starts, ends_at: ends, note, state } = delegation;
  const nameOf = (person: Delegation['from']): string => (person.user_id === me.id ? 'you' : person.name);
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2">
      <span className="flex min-w-0 flex-1 flex-col max-sm:basis-full">
        <span className="flex flex-wrap items-center gap-2 text-body font-medium wrap-anywhere">
          <span><UntrustedText text={to.user_id === me.id ? 'You decide' : `${to.name} decides`} /> for <UntrustedText text={nameOf(from)} /></span>
          <Badge className={cn(state === 'active' && 'bg-completed-tint text-completed-text')}>{humanize(state)}</Badge>
        </span>
        <span className="text-caption text-muted-foreground">{formatAbsoluteTime(starts)} to {formatAbsoluteTime(ends)}{note !== '' && <> · <UntrustedText text={note} /></>}</span>
      </span>
      {isCurrent(delegation) && <Button variant="outline" size="small" onClick={onRevoke} aria-label={`End: ${to.name} decides for ${from.name}`}>End</Button>}
    </li>
  );
};

/** "While I'm away": who decides in one's place, and in whose place one decides; of everybody for admins. */
export const DelegationsCard = () => {
  const query = useQuery(apiQuery('listDelegations'));
  const client = useQueryClient();
  const [isAdding, setIsAdding] = useState(false);
  const [ending, setEnding] = useState<Delegation>();
  const revoke = async (): Promise<void> => {
    if (ending === undefined) return;
    await api.call('revokeDelegation', { params: { id: ending.id } });
    await refresh(client, 'listDelegations', 'listApprovals', 'countApprovals', 'getApproval', 'listAudit');
    toast.success('The delegation has ended');
  };
  return (
    <Card id="away" aria-labelledby="away-heading">
      <CardHeader>
        <CardTitle id="away-heading">While I’m away</CardTitle>
        <Button variant="outline" size="small" onClick={() => setIsAdding(true)}><UserCheck aria-hidden />Hand over approvals</Button>
      </CardHeader>
      <CardContent>
        <DataBlock
          query={query}
          what="Delegations"
          skeleton={<Skeleton className="h-16" />}
          isEmpty={({ items }) => items.length === 0}
          empty={<p className="text-row text-muted-foreground">Nobody decides for anybody else. Hand your approvals over before you go, so that nothing expires while you are away.</p>}
        >
          {({ items }) => (
            <ul aria-label="Delegations" className="-my-2 divide-y">
              {items.toSorted((a, b) => Number(isCurrent(b)) - Number(isCurrent(a))).map((delegation) => <Row key={delegation.id} delegation={delegation} onRevoke={() => setEnding(delegation)} />)}
            </ul>
          )}
        </DataBlock>
      </CardContent>
      <DelegationDialog isOpen={isAdding} onOpenChange={setIsAdding} />
      <ConfirmDialog isOpen={ending !== undefined} onOpenChange={(isOpen) => !isOpen && setEnding(undefined)} title="End this delegation?" confirmLabel="End it" cancelLabel="Keep" onConfirm={revoke}>
        {ending !== undefined && <><UntrustedText text={ending.to.name} /> may no longer decide for <UntrustedText text={ending.from.name} />. Approvals given that way to requests that are still open no longer count.</>}
      </ConfirmDialog>
    </Card>
  );
};
