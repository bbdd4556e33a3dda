import { isAllowed } from '@contracts/permissions.ts';
import type { CreateDelegationBody } from '@contracts/people.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { toast } from 'sonner';
import { Button } from '@/components/ui/button.tsx';
import { Dialog, DialogClose, DialogContent, DialogDescription, DialogFooter, DialogHeader, DialogTitle } from '@/components/ui/dialog.tsx';
import { Field, FieldError } from '@/components/ui/field.tsx';
import { Input } from '@/components/ui/input.tsx';
import { Select } from '@/components/ui/select.tsx';
import { useFormKeys } from '@/hooks/use-form-keys.ts';
import { api } from '@/lib/api-client.ts';
import { ApiError, sentenceOf } from '@/lib/api-error.ts';
import { apiQuery, refresh } from '@/lib/api-query.ts';
import { useUser } from '@/lib/auth.tsx';
import { focusField } from '@/lib/focus-field.ts';
import { fromLocalInput, toLocalInput } from '@/lib/local-time.ts';

type Messages = Partial<Record<keyof CreateDelegationBody, string>>;
const dayMs = 24 * 3_600_000;

const DelegationForm = ({ onDone }: { onDone: () => void }) => {
  const me = useUser();
  const isAdmin = isAllowed(me.role, 'users:write');
  const client = useQueryClient();
  const approvers = useQuery(apiQuery('listApprovers'));
  const [from, setFrom] = useState(me.id);
  const [to, setTo] = useState('');
  const [starts, setStarts] = useState(() => toLocalInput(new Date()));
  const [ends, setEnds] = useState(() => toLocalInput(new Date(Date.now() + 7 * dayMs)));
  const [note, setNote] = useState('');
  const [messages, setMessages] = useState<Messages>({});
  const [failure, setFailure] = useState<unknown>(null);
  const [isBusy, setIsBusy] = useState(false);
  const formRef = useRef<HTMLFormElement>(null);

  const refuse = (found: Messages): void => {
    setMessages(found);
    focusField(formRef.current, Object.keys(found)[0]);
  };
  const read = (): { body?: CreateDelegationBody; found: Messages } => {
    const startsAt = fromLocalInput(starts);
    const endsAt = fromLocalInput(ends);
    const found: Messages = {
      ...(to === '' ? { to_user_id: 'Choose who decides meanwhile.' } : {}),
      ...(startsAt === undefined ? { starts_at: 'Enter a day and a time.' } : {}),
      ...(endsAt === undefined ? { ends_at: 'Enter a day and a time.' } : startsAt !== undefined && endsAt <= startsAt ? { ends_at: 'It ends before it begins.' } : {}),
    };
    if (startsAt === undefined || endsAt === undefined || Object.keys(found).length > 0) return { found };
    return { found, body: { to_user_id: to, starts_at: startsAt, ends_at: endsAt, note: note.trim(), ...(from === me.id ? {} : { from_user_id: from }) } };
  };
  const submit = async (event?: FormEvent): Promise<void> => {
    event?.preventDefault();
    if (isBusy) return;
    const { body, found } = read();
    refuse(found);
    setFailure(null);
    if (body === undefined) return;
    setIsBusy(true);
    try {
      const made = await api.call('createDelegation', { body });
      await refresh(client, 'listDelegations', 'listApprovals', 'countApprovals', 'getApproval', 'listAudit');
      toast.success(`${made.to.name} decides for ${made.from.user_id === me.id ? 'you' : made.from.name}`);
      onDone();
    } catch (error) {
      const issues = error instanceof ApiError ? error.fieldIssues : [];
      refuse(Object.fromEntries(issues.map(({ path, message }) => [path, message])));
      setFailure(issues.length === 0 ? error : null);
    } finally {
      setIsBusy(false);
    }
  };
  useFormKeys(formRef, { onSend: () => void submit() });
  const people = approvers.data?.items ?? [];
  const others = people.filter(({ user_id: id }) => id !== from);
  return (
    <form ref={formRef} noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
      <div role="alert" className="empty:-mb-4">{failure !== null && <FieldError>{sentenceOf(failure)}</FieldError>}</div>
      {isAdmin && (
        <Field label="Who is away" error={messages.from_user_id}>
          {(control) => (
            <Select {...control} name="from_user_id" value={from} onChange={(event) => {
              setFrom(event.target.value);
              if (event.target.value === to) setTo('');
            }}>
              <option value={me.id}>{me.name} (you)</option>
              {people.filter(({ user_id: id }) => id !== me.id).map(({ user_id: id, name }) => <option key={id} value={id}>{name}</option>)}
            </Select>
          )}
        </Field>
      )}
      <Field label="Who decides meanwhile" isRequired error={messages.to_user_id ?? (approvers.error === null ? undefined : `The people could not be loaded: ${sentenceOf(approvers.error)}`)} hint={approvers.isSuccess && others.length === 0 ? 'There is nobody else who may decide.' : 'They may decide what the one who is away could, besides their own. Not on runs either of them started, where a policy wants somebody else.'}>
        {(control) => (
          <Select {...control} name="to_user_id" value={to} onChange={(event) => setTo(event.target.value)}>
            <option value="">Choose a person</option>
            {others.map(({ user_id: id, name, role }) => <option key={id} value={id}>{name} ({role})</option>)}
          </Select>
        )}
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="From" isRequired error={messages.starts_at}>{(control) => <Input {...control} name="starts_at" type="datetime-local" value={starts} onChange={(event) => setStarts(event.target.value)} />}</Field>
        <Field label="Until" isRequired error={messages.ends_at}>{(control) => <Input {...control} name="ends_at" type="datetime-local" value={ends} onChange={(event) => setEnds(event.target.value)} />}</Field>
      </div>
      <Field label="Note" error={messages.note}>{(control) => <Input {...control} name="note" value={note} maxLength={500} autoComplete="off" onChange={(event) => setNote(event.target.value)} />}</Field>
      <DialogFooter>
        <Button type="submit" isBusy={isBusy}>Hand over</Button>
        <DialogClose asChild><Button variant="outline">Cancel</Button></DialogClose>
      </DialogFooter>
    </form>
  );
};

/** Lets somebody decide for a person who is away. */
export const DelegationDialog = ({ isOpen, onOpenChange }: { isOpen: boolean; onOpenChange: (isOpen: boolean) => void }) => (
  <Dialog open={isOpen} onOpenChange={onOpenChange}>
    <DialogContent className="max-w-lg">
      <DialogHeader>
        <DialogTitle>Hand over approvals</DialogTitle>
        <DialogDescription>For a while, one person may decide in the place of another. The record names both.</DialogDescription>
      </DialogHeader>
      <DelegationForm onDone={() => onOpenChange(false)} />
    </DialogContent>
  </Dialog>
);
