import type { Group } from '@contracts/people.ts';
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
import { api } from '@/lib/api-client.ts';
import { apiQuery, refresh } from '@/lib/api-query.ts';
import { GroupDialog } from './group-dialog.tsx';

const columns: Column<Group>[] = [
  { key: 'name', header: 'Group', className: 'py-2', cell: ({ name, description }) => <span className="flex flex-col wrap-anywhere"><code className="font-medium">{name}</code>{description !== '' && <span className="text-caption text-muted-foreground">{description}</span>}</span> },
  {
    key: 'members', header: 'Members',
    cell: ({ members }) => (members.length === 0 ? <span className="text-destructive">Nobody: what it is named for waits until it expires</span> : (
      <span className="wrap-anywhere">{members.map(({ user_id: id, name, is_disabled: isDisabled }, index) => <span key={id}>{index > 0 && ', '}<span className={isDisabled ? 'text-muted-foreground line-through' : ''}>{name}</span></span>)}</span>
    )),
  },
  { key: 'policies', header: 'Named by', showFrom: 'md', cell: ({ used_by_policies: policies }) => (policies.length === 0 ? <span className="text-muted-foreground">no live policy</span> : policies.join(', ')) },
];

/** Groups of approvers, which policies name. For admins. */
export const GroupsCard = () => {
  const query = useQuery(apiQuery('listGroups'));
  const client = useQueryClient();
  const [open, setOpen] = useState<{ group: Group | undefined }>();
  const [deleting, setDeleting] = useState<Group>();
  const remove = async (): Promise<void> => {
    if (deleting === undefined) return;
    await api.call('deleteGroup', { params: { id: deleting.id }, query: deleting.used_by_policies.length === 0 ? {} : { confirm_name: deleting.name } });
    await refresh(client, 'listGroups', 'listAudit');
    toast.success(`The group ${deleting.name} is deleted`);
  };
  const add = <Button onClick={() => setOpen({ group: undefined })}><UsersRound aria-hidden />Add group</Button>;
  return (
    <section id="groups" aria-labelledby="groups-heading" className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 id="groups-heading" className="text-title font-semibold">Groups of approvers</h2>
        {query.data !== undefined && query.data.items.length > 0 && add}
      </div>
      <DataBlock
        query={query}
        what="Groups"
        skeleton={<Skeleton className="h-24" />}
        isEmpty={({ items }) => items.length === 0}
        empty={<Card><EmptyState icon={UsersRound} title="There are no groups yet." action={add}>Policies can leave a decision to a group, such as finance, instead of naming people.</EmptyState></Card>}
      >
        {({ items }) => (
          <DataTable
            rows={items}
            columns={columns}
            rowKey={({ id }) => id}
            caption="Groups of approvers"
            actions={(group) => (
              <span className="flex gap-2">
                <Button variant="outline" size="small" aria-label={`Edit ${group.name}`} onClick={() => setOpen({ group })}>Edit</Button>
                <Button variant="outline" size="small" aria-label={`Delete ${group.name}`} onClick={() => setDeleting(group)}>Delete</Button>
              </span>
            )}
          />
        )}
      </DataBlock>
      <GroupDialog isOpen={open !== undefined} group={open?.group} onOpenChange={(isOpen) => !isOpen && setOpen(undefined)} />
      <ConfirmDialog
        isOpen={deleting !== undefined}
        onOpenChange={(isOpen) => !isOpen && setDeleting(undefined)}
        title={`Delete the group ${deleting?.name ?? ''}?`}
        confirmLabel="Delete group"
        onConfirm={remove}
        {...(deleting !== undefined && deleting.used_by_policies.length > 0 ? { typedName: deleting.name } : {})}
      >
        {deleting !== undefined && deleting.used_by_policies.length > 0
          ? <>Live policies name it: {deleting.used_by_policies.join(', ')}. Nobody could meet what they ask of its members, so that such requests wait until they expire.</>
          : 'No live policy names it.'}
      </ConfirmDialog>
    </section>
  );
};
