import type { User } from '@contracts/auth.ts';
import { type Group, groupNameSchema } from '@contracts/people.ts';
import { isAllowed } from '@contracts/permissions.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { toast } from 'sonner';
import { DataBlock } from '@/components/data-block.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Checkbox } from '@/components/ui/checkbox.tsx';
import { Dialog, DialogClose, DialogContent, DialogDescription, DialogFooter, DialogHeader, DialogTitle } from '@/components/ui/dialog.tsx';
import { Field, FieldError } from '@/components/ui/field.tsx';
import { Input } from '@/components/ui/input.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { api } from '@/lib/api-client.ts';
import { ApiError, hasCode, sentenceOf } from '@/lib/api-error.ts';
import { refresh } from '@/lib/api-query.ts';
import { countOf } from '@/lib/format.ts';
import { readAllPages } from '@/lib/read-all-pages.ts';

const Member = ({ user, isMember, onToggle }: { user: User; isMember: boolean; onToggle: () => void }) => {
  const id = useId();
  const note = user.is_disabled ? 'disabled, does not count' : isAllowed(user.role, 'approvals:decide') ? user.role : `${user.role}, may not decide`;
  return (
    <li className="flex min-h-9 items-center gap-3 px-3 max-sm:min-h-11">
      <Checkbox id={id} checked={isMember} onCheckedChange={onToggle} />
      <label htmlFor={id} className="min-w-0 flex-1 wrap-anywhere">{user.name} <span className="text-caption text-muted-foreground">{user.email} · {note}</span></label>
    </li>
  );
};

const GroupForm = ({ group, onDone }: { group: Group | undefined; onDone: () => void }) => {
  const client = useQueryClient();
  const users = useQuery({ queryKey: ['listUsers', 'everybody'], queryFn: () => readAllPages('listUsers') });
  const [name, setName] = useState(group?.name ?? '');
  const [description, setDescription] = useState(group?.description ?? '');
  const [members, setMembers] = useState<ReadonlySet<string>>(() => new Set(group?.members.map(({ user_id: id }) => id)));
  const [nameError, setNameError] = useState<string>();
  const [failure, setFailure] = useState<unknown>(null);
  const [isBusy, setIsBusy] = useState(false);
  const membersId = useId();

  const toggle = (id: string): void => {
    const next = new Set(members);
    if (!next.delete(id)) next.add(id);
    setMembers(next);
  };
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (isBusy) return;
    const parsed = groupNameSchema.safeParse(name);
    setNameError(parsed.success ? undefined : parsed.error.issues[0]?.message);
    setFailure(null);
    if (!parsed.success) return;
    setIsBusy(true);
    try {
      const body = { description: description.trim(), member_ids: [...members] };
      const saved = group === undefined
        ? await api.call('createGroup', { body: { ...body, name: parsed.data } })
        : await api.call('updateGroup', { params: { id: group.id }, body: { ...body, version: group.version } });
      await refresh(client, 'listGroups', 'listApprovals', 'countApprovals', 'getApproval', 'listAudit');
      toast.success(`${saved.name}: ${countOf(saved.members.length, 'member')}`);
      onDone();
    } catch (error) {
      const issue = error instanceof ApiError ? error.fieldIssues.find(({ path }) => path === 'name') : undefined;
      if (issue !== undefined || hasCode(error, 'GROUP_NAME_TAKEN')) setNameError(issue?.message ?? sentenceOf(error));
      else setFailure(error);
      if (hasCode(error, 'GROUP_CHANGED')) void refresh(client, 'listGroups');
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
      <div role="alert" className="empty:-mb-4">{failure !== null && <FieldError>{sentenceOf(failure)}{hasCode(failure, 'GROUP_CHANGED') && ' Close this and open the group again to see what it is now.'}</FieldError>}</div>
      <Field label="Name" isRequired={group === undefined} error={nameError} hint={group === undefined ? 'Small letters, digits and -. Policies name it as group:name; it cannot be renamed.' : 'Policies name it, so it stays.'}>
        {(control) => <Input {...control} value={name} readOnly={group !== undefined} maxLength={60} autoComplete="off" autoCapitalize="none" spellCheck={false} onChange={(event) => setName(event.target.value)} />}
      </Field>
      <Field label="What it is for">{(control) => <Input {...control} value={description} maxLength={500} autoComplete="off" onChange={(event) => setDescription(event.target.value)} />}</Field>
      <div role="group" aria-labelledby={membersId} className="flex flex-col gap-1.5">
        <p id={membersId} className="text-body font-medium">Members ({members.size})</p>
        <DataBlock query={users} what="People" skeleton={<Skeleton className="h-40" />}>
          {(all) => <ul className="max-h-64 overflow-y-auto rounded-control border py-1 text-row">{all.map((user) => <Member key={user.id} user={user} isMember={members.has(user.id)} onToggle={() => toggle(user.id)} />)}</ul>}
        </DataBlock>
      </div>
      <DialogFooter>
        <Button type="submit" isBusy={isBusy}>{group === undefined ? 'Add group' : 'Save'}</Button>
        <DialogClose asChild><Button variant="outline">Cancel</Button></DialogClose>
      </DialogFooter>
    </form>
  );
};

/** Adds a group of approvers, or changes the members of one. `group` undefined: a new one. */
export const GroupDialog = ({ isOpen, group, onOpenChange }: { isOpen: boolean; group: Group | undefined; onOpenChange: (isOpen: boolean) => void }) => (
  <Dialog open={isOpen} onOpenChange={onOpenChange}>
    <DialogContent className="max-w-lg">
      <DialogHeader>
        <DialogTitle>{group === undefined ? 'Add a group' : `Group ${group.name}`}</DialogTitle>
        <DialogDescription>Policies may leave decisions to its members. A change counts at once, for open requests too.</DialogDescription>
      </DialogHeader>
      <GroupForm key={group?.id ?? ''} group={group} onDone={() => onOpenChange(false)} />
    </DialogContent>
  </Dialog>
);
