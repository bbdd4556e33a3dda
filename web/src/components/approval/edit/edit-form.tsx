import type { ApprovalRequest } from '@contracts/approvals.ts';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { apiQuery } from '@/lib/api-query.ts';
import { Button } from '../../ui/button.tsx';
import { FieldError } from '../../ui/field.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { diffArguments } from '../arguments/argument-diff.ts';
import { ArgumentFieldControl } from './argument-field.tsx';
import type { Arguments } from '../arguments/argument-items.ts';
import { describeRefusedEdit } from '../decision/conflict.ts';
import { EditReview } from './edit-review.tsx';
import { EditStep } from './edit-step.tsx';
import { LockedField } from './locked-field.tsx';
import { type Draft, parseDraft, toDraftText, toFields } from './schema-fields.ts';
import { askingPolicies } from '../terms/terms-words.ts';

interface EditFormProps {
  request: ApprovalRequest;
  draft: Draft;
  onDraft: (draft: Draft) => void;
  /** Words for the record about why it was edited; may be empty. */
  note: string;
  onNote: (note: string) => void;
  onApprove: (edited: Arguments) => void;
  onCancel: () => void;
  isBusy: boolean;
  /** Deciding is no longer possible; what was typed stays readable. */
  isDisabled: boolean;
  /** Why the server refused the last decision. */
  error: unknown;
}

/**
 * Edit and approve: a form from the tool's own JSON Schema, then the difference to the original, then the decision. The
 * client's checks save a round trip; the server judges the edited call by schema and by policy.
 */
export const EditForm = (props: EditFormProps) => {
  const tools = useQuery({ ...apiQuery('listTools'), staleTime: 300_000 });
  if (tools.isPending) return <div aria-busy="true" className="flex flex-col gap-3"><Skeleton className="h-9" /><Skeleton className="h-9" /><Skeleton className="h-32" /></div>;
  const parameters = tools.data?.items.find(({ name }) => name === props.request.tool_name)?.parameters;
  return <LoadedForm {...props} parameters={parameters} />;
};

/** `parameters` undefined: the schema could not be had, so that every argument is edited as JSON. */
const LoadedForm = ({ request, draft, onDraft, note, onNote, onApprove, onCancel, isBusy, isDisabled, error, parameters }: EditFormProps & { parameters: Record<string, unknown> | undefined }) => {
  const [messages, setMessages] = useState<Record<string, string>>({});
  const [edited, setEdited] = useState<Arguments>();
  const [hasNoChange, setHasNoChange] = useState(false);
  const [handled, setHandled] = useState<unknown>(null);
  const ref = useRef<HTMLFormElement>(null);

  // The form was asked for: typing goes into its first field.
  useEffect(() => ref.current?.querySelector<HTMLElement>('input:not([readonly]), textarea:not([readonly]), select')?.focus(), []);

  const fields = toFields(parameters ?? {}, request.arguments);
  const editable = request.terms.editable_fields;
  const lock = askingPolicies(request);
  const isLocked = (key: string): boolean => editable !== null && !editable.includes(key);
  const textOf = (key: string): string => {
    const field = fields.find((one) => one.key === key);
    return draft[key] ?? (field === undefined ? '' : toDraftText(field, request.arguments[key]));
  };
  const focusField = (key: string | undefined): void => ref.current?.querySelector<HTMLElement>(`[name="${CSS.escape(key ?? '')}"]`)?.focus();

  // What the server says of single fields is said beside them: back to the form.
  const refused = describeRefusedEdit(error, fields.map(({ key }) => key));
  if (refused !== undefined && handled !== error) {
    setHandled(error);
    setMessages(refused.fields);
    if (Object.keys(refused.fields).length > 0) setEdited(undefined);
  }

  const review = (): void => {
    const open = fields.filter(({ key }) => !isLocked(key));
    const parsed = parseDraft(fields, Object.fromEntries(Object.entries(draft).filter(([key]) => open.some((field) => field.key === key))), request.arguments);
    setMessages(parsed.ok ? {} : parsed.messages);
    setHasNoChange(false);
    if (!parsed.ok) focusField(Object.keys(parsed.messages)[0]);
    else if (diffArguments(request.arguments, parsed.args).length === 0) setHasNoChange(true);
    else setEdited(parsed.args);
  };

  if (edited !== undefined) {
    return <EditReview request={request} edited={edited} note={note} onNote={onNote} onApprove={() => onApprove(edited)} onBack={() => setEdited(undefined)} isBusy={isBusy} isDisabled={isDisabled} refusal={refused?.message} />;
  }
  return (
    <EditStep
      ref={ref}
      onNext={review}
      onBack={onCancel}
      buttons={
        <>
          <Button type="submit" disabled={isDisabled} className="max-sm:h-12 max-sm:flex-1">Review changes</Button>
          <Button variant="outline" onClick={onCancel} className="max-sm:h-12">Back</Button>
        </>
      }
    >
      {parameters === undefined && <p role="status" className="text-row text-muted-foreground">The form of this tool could not be loaded; the arguments are edited as JSON.</p>}
      {refused !== undefined && <div role="alert"><FieldError>{refused.message}</FieldError></div>}
      {fields.filter(({ key }) => !isLocked(key) || request.arguments[key] !== undefined).map((field) => (isLocked(field.key) ? (
        <LockedField key={field.key} label={field.label} value={request.arguments[field.key]} lockedBy={lock} />
      ) : (
        <ArgumentFieldControl key={field.key} field={field} text={textOf(field.key)} error={messages[field.key]} onChange={(text) => onDraft({ ...draft, [field.key]: text })} />
      )))}
      {hasNoChange && <div role="alert"><FieldError>Nothing is changed. Go back to approve the call as it is.</FieldError></div>}
    </EditStep>
  );
};
