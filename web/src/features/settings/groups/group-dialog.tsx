import type { User } from '@contracts/auth.ts';
import { type Group, groupNameSchema } from '@contracts/people.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useRef, useState } from 'react';
import { toast } from 'sonner';
import { DataBlock } from '@/components/data-block.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Checkbox } from '@/components/ui/checkbox.tsx';
import { Dialog, DialogClose, DialogContent, DialogDescription, DialogFooter, DialogHeader, DialogTitle } from '@/components/ui/dialog.tsx';
import { Field, FieldError } from '@/components/ui/field.tsx';
import { Input } from '@/components/ui/input.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { useFormKeys } from '@/hooks/use-form-keys.ts';
import { api } from '@/lib/api-client.ts';
import { ApiError, hasCode, sentenceOf } from '@/lib/api-error.ts';
import { apiQuery, refresh } from '@/lib/api-query.ts';
import { focusField } from '@/lib/focus-field.ts';
import { countOf } from '@/lib/format.ts';
import { readAllPages } from '@/lib/read-all-pages.ts';
import { whyNotCounted } from './member-words.ts';

const Member = ({ user, isMember, onToggle }: { user: User; isMember: boolean; onToggle: () => void }) => {
  const id = useId();
  const note = whyNotCounted(user) ?? user.role;
  return (
    <li className="flex min-h-9 items-center gap-3 px-3 max-sm:min-h-11">
      <Checkbox id={id} checked={isMember} onCheckedChange={onToggle} />
      <label htmlFor={id} className="min-w-0 flex-1 wrap-anywhere">{user.name} <span className="text-caption text-muted-foreground">{user.email} · {note}</span></label>
    </li>
  );
};

/** From this many people on they are found by typing. */
const findableFrom = 10;

const Members = ({ members, isFirst, onToggle }: { members: ReadonlySet<string>; /** Whom the list begins with. */ isFirst: (userId: string) => boolean; onToggle: (userId: string) => void }) => {
  const users = useQuery({ queryKey: ['listUsers', 'everybody'], queryFn: () => readAllPages('listUsers') });
  const [words, setWords] = useState('');
  const id = useId();
  const isWanted = ({ name, email }: User): boolean => `${name} ${email}`.toLowerCase().includes(words.trim().toLowerCase());
  return (
    <div role="group" aria-labelledby={id} className="flex flex-col gap-1.5">
      <p id={id} className="text-body font-medium">Members ({members.size})</p>
      <DataBlock query={users} what="People" skeleton={<Skeleton className="h-40" />}>
        {(all) => {
          const shown = all.filter(isWanted).toSorted((a, b) => Number(isFirst(b.id)) - Number(isFirst(a.id)));
          return (
            <>
              {all.length >= findableFrom && <Input type="search" aria-label="Find a person" placeholder="Find a person" value={words} onChange={(event) => setWords(event.target.value)} />}
              {shown.length === 0
                ? <p className="text-row text-muted-foreground">Nobody has this in their name or address.</p>
                : <ul className="max-h-64 overflow-y-auto rounded-control border py-1 text-row">{shown.map((user) => <Member key={user.id} user={user} isMember={members.has(user.id)} onToggle={() => onToggle(user.id)} />)}</ul>}
            </>
          );
        }}
      </DataBlock>
    </div>
  );
};

const idsOf = (group: Group | undefined): ReadonlySet<string> => new Set(group?.members.map(({ user_id: id }) => id));

/** What somebody else has made of the group meanwhile, to take over or to replace. */
const Conflict = ({ group, onTakeOver }: { group: Group; onTakeOver: () => void }) => (
  <div role="alert" className="flex flex-col items-start gap-1 rounded-control bg-waiting-tint px-3 py-2 text-row text-waiting-text">
    <p>Somebody else changed the group meanwhile. It now has {group.members.length === 0 ? 'no members' : <>{countOf(group.members.length, 'member')}: <UntrustedText text={group.members.map(({ name }) => name).join(', ')} /></>}{group.description !== '' && <>, and is for “<UntrustedText text={group.description} />”</>}.</p>
    <Button variant="link" size="inline" className="text-waiting-text" onClick={onTakeOver}>Take this over</Button>
  </div>
);

const GroupForm = ({ group, onDone }: { group: Group | undefined; onDone: () => void }) => {
  const client = useQueryClient();
  // What is known here of the group: a save replaces that and nothing newer.
  const [known, setKnown] = useState(group);
  const [name, setName] = useState('');
  const [description, setDescription] = useState(group?.description ?? '');
  const [members, setMembers] = useState(() => idsOf(group));
  const [nameError, setNameError] = useState<string>();
  const [failure, setFailure] = useState<unknown>(null);
  const [isBusy, setIsBusy] = useState(false);
  const [hasConflict, setHasConflict] = useState(false);
  const formRef = useRef<HTMLFormElement>(null);

  const refuseName = (message: string | undefined): void => {
    setNameError(message);
    focusField(formRef.current, 'name');
  };
  const toggle = (id: string): void => {
    const next = new Set(members);
    if (!next.delete(id)) next.add(id);
    setMembers(next);
  };
  const take = (theirs: Group): void => {
    setDescription(theirs.description);
    setMembers(idsOf(theirs));
    setHasConflict(false);
  };
  const save = async (): Promise<Group | undefined> => {
    const body = { description: description.trim(), member_ids: [...members] };
    if (known !== undefined) return api.call('updateGroup', { params: { id: known.id }, body: { ...body, version: known.version } });
    const parsed = groupNameSchema.safeParse(name);
    if (parsed.success) return api.call('createGroup', { body: { ...body, name: parsed.data } });
    refuseName(parsed.error.issues[0]?.message);
    return undefined;
  };
  const submit = async (event?: FormEvent): Promise<void> => {
    event?.preventDefault();
    if (isBusy) return;
    setNameError(undefined);
    setFailure(null);
    setIsBusy(true);
    try {
      const saved = await save();
      if (saved === undefined) return;
      await refresh(client, 'listGroups', 'listApprovals', 'countApprovals', 'getApproval', 'listAudit');
      toast.success(`${saved.name}: ${countOf(saved.members.length, 'member')}`);
      onDone();
    } catch (error) {
      const issue = error instanceof ApiError ? error.fieldIssues.find(({ path }) => path === 'name') : undefined;
      if (issue !== undefined) refuseName(issue.message);
      else setFailure(error);
      if (known === undefined) return;
      await refresh(client, 'listGroups');
      const theirs = client.getQueryData(apiQuery('listGroups').queryKey)?.items.find(({ id }) => id === known.id);
      if (!hasCode(error, 'GROUP_CHANGED') || theirs === undefined) return;
      setFailure(null);
      setKnown(theirs);
      setHasConflict(true);
    } finally {
      setIsBusy(false);
    }
  };
  useFormKeys(formRef, { onSend: () => void submit() });
  return (
    <form ref={formRef} noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
      <div role="alert" className="empty:-mb-4">{failure !== null && <FieldError>{sentenceOf(failure)}</FieldError>}</div>
      {hasConflict && known !== undefined && <Conflict group={known} onTakeOver={() => take(known)} />}
      {known === undefined && (
        <Field label="Name" isRequired error={nameError} hint="Small letters, digits and -. Policies name it as group:name; it cannot be renamed.">
          {(control) => <Input {...control} name="name" value={name} maxLength={60} autoComplete="off" autoCapitalize="none" spellCheck={false} onChange={(event) => setName(event.target.value)} />}
        </Field>
      )}
      <Field label="What it is for">{(control) => <Input {...control} value={description} maxLength={500} autoComplete="off" onChange={(event) => setDescription(event.target.value)} />}</Field>
      <Members members={members} isFirst={(id) => idsOf(group).has(id)} onToggle={toggle} />
      <DialogFooter>
        <Button type="submit" isBusy={isBusy}>{known === undefined ? 'Add group' : hasConflict ? 'Replace it with mine' : 'Save'}</Button>
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
        <DialogDescription>Policies may leave decisions to its members. A change counts at once, for open requests too.{group !== undefined && ' Its name stays: policies name it.'}</DialogDescription>
      </DialogHeader>
      <GroupForm key={group?.id ?? ''} group={group} onDone={() => onOpenChange(false)} />
    </DialogContent>
  </Dialog>
);
