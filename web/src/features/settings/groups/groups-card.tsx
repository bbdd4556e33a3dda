import type { Group } from '@contracts/people.ts';
import { rolesWith } from '@contracts/permissions.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { UsersRound } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { ConfirmDialog } from '@/components/confirm-dialog.tsx';
import { DataBlock } from '@/components/data-block.tsx';
import { type Column, DataTable } from '@/components/data-table/data-table.tsx';
import { EmptyState } from '@/components/empty-state.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Card } from '@/components/ui/card.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { api } from '@/lib/api-client.ts';
import { apiQuery, refresh } from '@/lib/api-query.ts';
import { useCan } from '@/lib/auth.tsx';
import { GroupDialog } from './group-dialog.tsx';
import { whyNotCounted } from './member-words.ts';

const Member = (member: Group['members'][number]) => {
  const note = whyNotCounted(member);
  return <><UntrustedText text={member.name} />{note !== undefined && <span className="text-muted-foreground"> ({note})</span>}</>;
};

const columns: Column<Group>[] = [
  { key: 'name', header: 'Group', className: 'py-2', cell: ({ name, description }) => <span className="flex flex-col wrap-anywhere"><code className="font-medium">{name}</code>{description !== '' && <span className="text-caption text-muted-foreground">{description}</span>}</span> },
  {
    key: 'members', header: 'Members',
    cell: ({ members, used_by_policies: policies }) => (
      <span className="flex flex-col py-1">
        {members.length > 0 && <span className="wrap-anywhere">{members.map((member, index) => <span key={member.user_id}>{index > 0 && ', '}<Member {...member} /></span>)}</span>}
        {members.every((member) => whyNotCounted(member) !== undefined) && (policies.length === 0 ? <span className="text-muted-foreground">Nobody who could decide yet</span> : <span className="text-destructive">Nobody who could decide: what names it waits until it expires</span>)}
      </span>
    ),
  },
  { key: 'policies', header: 'Named by', showFrom: 'md', cell: ({ used_by_policies: policies }) => (policies.length === 0 ? <span className="text-muted-foreground">no live policy</span> : policies.join(', ')) },
];

/** Groups of approvers, which policies name. Everybody sees who is in them, admins change them. */
export const GroupsCard = () => {
  const query = useQuery(apiQuery('listGroups'));
  const client = useQueryClient();
  const canChange = useCan('policies:write');
  const [open, setOpen] = useState<{ group: Group | undefined }>();
  const [deleting, setDeleting] = useState<Group>();
  // A policy that names it may have gone live while the question is open.
  const asked = query.data?.items.find(({ id }) => id === deleting?.id) ?? deleting;
  const isNamed = asked !== undefined && asked.used_by_policies.length > 0;
  const remove = async (): Promise<void> => {
    if (asked === undefined) return;
    try {
      await api.call('deleteGroup', { params: { id: asked.id }, query: isNamed ? { confirm_name: asked.name } : {} });
      toast.success(`The group ${asked.name} is deleted`);
    } finally {
      await refresh(client, 'listGroups', 'listAudit');
    }
  };
  const add = <Button onClick={() => setOpen({ group: undefined })}><UsersRound aria-hidden />Add group</Button>;
  return (
    <section id="groups" aria-labelledby="groups-heading" className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 id="groups-heading" className="text-title font-semibold">Groups of approvers</h2>
        {query.data !== undefined && query.data.items.length > 0 && canChange && add}
      </div>
      {!canChange && <p className="text-row text-muted-foreground">Your role sees who is in them; only {rolesWith('policies:write').join(' or ')} may change them.</p>}
      <DataBlock
        query={query}
        what="Groups"
        skeleton={<Skeleton className="h-24" />}
        isEmpty={({ items }) => items.length === 0}
        empty={<Card><EmptyState icon={UsersRound} title="There are no groups yet." action={canChange && add}>Policies can leave a decision to a group, such as finance, instead of naming people.</EmptyState></Card>}
      >
        {({ items }) => (
          <DataTable
            rows={items}
            columns={columns}
            rowKey={({ id }) => id}
            caption="Groups of approvers"
            {...(canChange ? {
              actions: (group: Group) => (
                <span className="flex gap-2">
                  <Button variant="outline" size="small" aria-label={`Edit ${group.name}`} onClick={() => setOpen({ group })}>Edit</Button>
                  <Button variant="outline" size="small" aria-label={`Delete ${group.name}`} onClick={() => setDeleting(group)}>Delete</Button>
                </span>
              ),
            } : {})}
          />
        )}
      </DataBlock>
      <GroupDialog isOpen={open !== undefined} group={open?.group} onOpenChange={(isOpen) => !isOpen && setOpen(undefined)} />
      <ConfirmDialog
        isOpen={deleting !== undefined}
        onOpenChange={(isOpen) => !isOpen && setDeleting(undefined)}
        title={`Delete the group ${asked?.name ?? ''}?`}
        confirmLabel="Delete group"
        onConfirm={remove}
        {...(isNamed ? { typedName: asked.name } : {})}
      >
        {isNamed
          ? <>Live policies name it: {asked.used_by_policies.join(', ')}. Nobody could meet what they ask of its members, so that such requests wait until they expire.</>
          : 'No live policy names it.'}
      </ConfirmDialog>
    </section>
  );
};
