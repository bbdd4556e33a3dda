import type { ApprovalRequest } from '@contracts/approvals.ts';
import { useQuery } from '@tanstack/react-query';
import { ShieldCheck } from 'lucide-react';
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useFormKeys } from '@/hooks/use-form-keys.ts';
import { apiQuery } from '@/lib/api-query.ts';
import { Button } from '../ui/button.tsx';
import { Field, FieldError } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { ArgumentChanges } from './argument-changes.tsx';
import { diffArguments } from './argument-diff.ts';
import { ArgumentFieldControl } from './argument-field.tsx';
import type { Arguments } from './argument-items.ts';
import { type Draft, parseDraft, toDraftText, toFields } from './schema-fields.ts';

/** Buttons of a step, kept in sight at the end of the form. */
const StepBar = ({ children }: { children: ReactNode }) => <div className="flex flex-row-reverse flex-wrap justify-start gap-3">{children}</div>;

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
  /** Why the server refused the edit. */
  error: string | undefined;
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
  const [typed, setTyped] = useState('');
  const typedId = useId();
  const ref = useRef<HTMLFormElement>(null);
  const reviewRef = useRef<HTMLHeadingElement>(null);

  // The form was asked for: typing goes into its first field.
  useEffect(() => ref.current?.querySelector<HTMLElement>('input, textarea, select')?.focus(), []);
  useEffect(() => {
    if (edited !== undefined) reviewRef.current?.focus();
  }, [edited]);

  const fields = toFields(parameters ?? {}, request.arguments);
  const textOf = (key: string): string => {
    const field = fields.find((one) => one.key === key);
    return draft[key] ?? (field === undefined ? '' : toDraftText(field, request.arguments[key]));
  };

  const review = (): void => {
    const parsed = parseDraft(fields, draft, request.arguments);
    setMessages(parsed.ok ? {} : parsed.messages);
    setHasNoChange(false);
    if (!parsed.ok) {
      const [first] = Object.keys(parsed.messages);
      ref.current?.querySelector<HTMLElement>(`[name="${CSS.escape(first ?? '')}"]`)?.focus();
    } else if (diffArguments(request.arguments, parsed.args).length === 0) {
      setHasNoChange(true);
    } else {
      setEdited(parsed.args);
    }
  };
  const mustType = request.risk_level === 'CRITICAL';
  const approve = (): void => {
    if (edited !== undefined && !isBusy && !isDisabled && (!mustType || typed === request.tool_name)) onApprove(edited);
  };
  const send = (): void => (edited === undefined ? review() : approve());
  useFormKeys(ref, { onEscape: () => (edited === undefined ? onCancel() : setEdited(undefined)), onSend: send });

  return (
    <form
      ref={ref}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      className="flex flex-col gap-4"
    >
      {parameters === undefined && <p role="status" className="text-row text-muted-foreground">The form of this tool could not be loaded; the arguments are edited as JSON.</p>}
      {edited === undefined ? (
        <>
          {fields.map((field) => (
            <ArgumentFieldControl key={field.key} field={field} text={textOf(field.key)} error={messages[field.key]} onChange={(text) => onDraft({ ...draft, [field.key]: text })} />
          ))}
          {hasNoChange && <div role="alert"><FieldError>Nothing is changed. Go back to approve the call as it is.</FieldError></div>}
          {error !== undefined && <div role="alert"><FieldError>{error}</FieldError></div>}
          <StepBar>
            <Button type="submit" disabled={isDisabled} className="max-sm:h-12 max-sm:flex-1">Review changes</Button>
            <Button variant="outline" onClick={onCancel} className="max-sm:h-12">Back</Button>
          </StepBar>
        </>
      ) : (
        <>
          <div>
            <h3 ref={reviewRef} tabIndex={-1} data-heading className="text-body font-semibold">What your edit changes</h3>
            <p className="text-row text-muted-foreground">The edited call is checked by the policy again before it runs.</p>
          </div>
          <ArgumentChanges before={request.arguments} after={edited} />
          <Field label="Note" hint="Kept in the record; may be empty.">
            {(control) => <Input {...control} value={note} maxLength={2000} autoComplete="off" onChange={(event) => onNote(event.target.value)} />}
          </Field>
          {mustType && (
            <div className="flex flex-col gap-1.5">
              <label htmlFor={typedId} className="text-body">Type <strong className="select-all">{request.tool_name}</strong> to confirm</label>
              <Input id={typedId} value={typed} onChange={(event) => setTyped(event.target.value)} autoComplete="off" />
            </div>
          )}
          {error !== undefined && <div role="alert"><FieldError>{error}</FieldError></div>}
          <StepBar>
            <Button type="submit" isBusy={isBusy} disabled={isDisabled || (mustType && typed !== request.tool_name)} className="max-sm:h-12 max-sm:flex-1"><ShieldCheck aria-hidden />Approve with edits</Button>
            <Button variant="outline" onClick={() => setEdited(undefined)} disabled={isBusy} className="max-sm:h-12">Edit again</Button>
          </StepBar>
        </>
      )}
    </form>
  );
};
