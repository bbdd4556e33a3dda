import type { User } from '@contracts/auth.ts';
import { type Role, roles } from '@contracts/permissions.ts';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { ConfirmDialog } from '@/components/confirm-dialog.tsx';
import { DataBlock } from '@/components/data-block.tsx';
import { type Column, DataTable } from '@/components/data-table/data-table.tsx';
import { MoreRows } from '@/components/data-table/more-rows.tsx';
import { RelativeTime } from '@/components/figures.tsx';
import { Badge } from '@/components/ui/badge.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Select } from '@/components/ui/select.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { api } from '@/lib/api-client.ts';
import { apiPages, refresh } from '@/lib/api-query.ts';
import { useUser } from '@/lib/auth.tsx';
import { humanize } from '@/lib/format.ts';
import { roleMeaning } from '../roles.ts';
import { AddUserDialog } from './add-user-dialog.tsx';

/** A change that was chosen and is not confirmed yet. */
type Pending = { user: User; change: { role: Role } | { is_disabled: boolean } };

const wordsOf = ({ user, change }: Pending): { title: string; label: string; text: string; isDestructive: boolean } => {
  if ('role' in change) return { title: `Make ${user.name} ${humanize(change.role).toLowerCase()}?`, label: 'Change role', text: `${user.email}: from ${user.role} to ${change.role}. ${roleMeaning[change.role]}`, isDestructive: false };
  return change.is_disabled
    ? { title: `Disable ${user.name}?`, label: 'Disable', text: `${user.email} is signed out everywhere and cannot sign in until enabled again.`, isDestructive: true }
    : { title: `Enable ${user.name}?`, label: 'Enable', text: `${user.email} may sign in again as ${user.role}.`, isDestructive: false };
};

/** People who may sign in: their roles, adding and disabling. For admins. */
export const UsersCard = () => {
  const me = useUser();
  const users = useInfiniteQuery(apiPages('listUsers'));
  const queryClient = useQueryClient();
  const [pending, setPending] = useState<Pending>();
  const [isAdding, setIsAdding] = useState(false);
  const words = pending === undefined ? undefined : wordsOf(pending);

  const apply = async (): Promise<void> => {
    if (pending === undefined) return;
    const saved = await api.call('updateUser', { params: { id: pending.user.id }, body: pending.change });
    await refresh(queryClient, 'listUsers', 'listAudit');
    toast.success(`${saved.name}: ${'role' in pending.change ? humanize(saved.role) : saved.is_disabled ? 'disabled' : 'enabled'}`);
  };
  const columns: Column<User>[] = [
    {
      key: 'name', header: 'Person', className: 'min-w-48 py-2',
      cell: (user) => (
        <>
          <span className="flex flex-wrap items-center gap-2 font-medium">{user.name}{user.id === me.id && <Badge>You</Badge>}{user.is_disabled && <Badge className="bg-failed-tint text-failed-text">Disabled</Badge>}</span>
          <span className="block text-caption text-muted-foreground wrap-anywhere">{user.email}</span>
        </>
      ),
    },
    {
      key: 'role', header: 'Role',
      cell: (user) =>
        user.id === me.id ? <span>{humanize(user.role)}</span> : (
          <Select aria-label={`Role of ${user.name}`} value={user.role} onChange={(event) => setPending({ user, change: { role: event.target.value as Role } })} className="w-36">
            {roles.map((role) => <option key={role} value={role}>{humanize(role)}</option>)}
          </Select>
        ),
    },
    { key: 'since', header: 'Added', showFrom: 'md', cell: (user) => <RelativeTime at={user.created_at} /> },
  ];
  return (
    <section id="users" aria-labelledby="users-heading" className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 id="users-heading" className="text-title font-semibold">People and roles</h2>
        <Button onClick={() => setIsAdding(true)}><UserPlus aria-hidden />Add person</Button>
      </div>
      <DataBlock query={users} what="People" skeleton={<Skeleton className="h-40" />}>
        {({ pages }) => {
          const all = pages.flatMap((page) => page.items);
          return (
            <>
              <DataTable
                rows={all}
                columns={columns}
                rowKey={(user) => user.id}
                caption="People who may sign in"
                actions={(user) => user.id !== me.id && (
                  <Button variant="outline" size="small" onClick={() => setPending({ user, change: { is_disabled: !user.is_disabled } })} aria-label={`${user.is_disabled ? 'Enable' : 'Disable'} ${user.name}`}>
                    {user.is_disabled ? 'Enable' : 'Disable'}
                  </Button>
                )}
              />
              <MoreRows shown={all.length} noun="person" plural="people" hasMore={users.hasNextPage} isLoading={users.isFetchingNextPage} onMore={() => void users.fetchNextPage()} />
            </>
          );
        }}
      </DataBlock>
      <AddUserDialog isOpen={isAdding} onOpenChange={setIsAdding} />
      <ConfirmDialog isOpen={words !== undefined} onOpenChange={(isOpen) => !isOpen && setPending(undefined)} title={words?.title ?? ''} confirmLabel={words?.label ?? ''} isDestructive={words?.isDestructive ?? false} cancelLabel="Cancel" onConfirm={apply}>
        {words?.text}
      </ConfirmDialog>
    </section>
  );
};
