import { type PolicyDetails, policyIssuesSchema, type PolicyIssue } from '@contracts/policies.ts';
import { Link } from '@tanstack/react-router';
import { FlaskConical, Rocket } from 'lucide-react';
import { type FormEvent, useRef, useState } from 'react';
import { RelativeTime } from '@/components/figures.tsx';
import { Button } from '@/components/ui/button.tsx';
import { CheckboxField } from '@/components/ui/checkbox-field.tsx';
import { Dialog, DialogClose, DialogContent, DialogDescription, DialogFooter, DialogHeader, DialogTitle } from '@/components/ui/dialog.tsx';
import { Field, FieldError } from '@/components/ui/field.tsx';
import { Textarea } from '@/components/ui/textarea.tsx';
import { useFormKeys } from '@/hooks/use-form-keys.ts';
import { hasCode, sentenceOf } from '@/lib/api-error.ts';
import { IssueList } from '../issue-list.tsx';

interface PublishInput {
  note: string;
  reason_without_back_test?: string;
  accepts_warnings: boolean;
}

/** Asks for all that going live needs: a note, a back-test of exactly this text or a reason to go without, and warnings accepted. */
export const PublishDialog = ({ policy, onPublish, onClose }: { policy: PolicyDetails; /** Throws what the server refuses; a conflict it takes care of itself. */ onPublish: (input: PublishInput) => Promise<void>; onClose: () => void }) => {
  const [note, setNote] = useState('');
  const [reason, setReason] = useState('');
  const [hasRead, setHasRead] = useState(false);
  const [isTried, setIsTried] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const [found, setFound] = useState<PolicyIssue[]>();
  const formRef = useRef<HTMLFormElement>(null);
  const backTest = policy.draft?.back_test ?? null;
  const warnings = (found ?? policy.draft?.issues ?? []).filter(({ severity }) => severity === 'warning');
  const missing = {
    note: note.trim() === '' ? 'Say what changes, for whoever reads the history.' : undefined,
    reason: backTest === null && reason.trim() === '' ? 'Give a reason to go live without a back-test.' : undefined,
    warnings: warnings.length > 0 && !hasRead ? 'Read the warnings and accept them, or change the policy.' : undefined,
  };
  const shown = isTried ? missing : { note: undefined, reason: undefined, warnings: undefined };

  const publish = async (event?: FormEvent): Promise<void> => {
    event?.preventDefault();
    if (isBusy) return;
    setIsTried(true);
    const first = Object.entries(missing).find(([, message]) => message !== undefined);
    if (first !== undefined) {
      formRef.current?.querySelector<HTMLElement>(`[name="${first[0]}"]`)?.focus();
      return;
    }
    setIsBusy(true);
    setError(undefined);
    try {
      await onPublish({ note: note.trim(), accepts_warnings: warnings.length > 0, ...(backTest === null ? { reason_without_back_test: reason.trim() } : {}) });
    } catch (thrown) {
      setError(thrown);
      if (hasCode(thrown, 'POLICY_HAS_WARNINGS', 'POLICY_INVALID')) setFound(policyIssuesSchema.safeParse(thrown.details).data?.issues);
    } finally {
      setIsBusy(false);
    }
  };
  useFormKeys(formRef, { onSend: () => void publish() });

  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && !isBusy && onClose()}>
      <DialogContent>
        <DialogHeader>
          <DialogTitle>{policy.live_version === null ? 'Make this policy live' : 'Make this draft live'}</DialogTitle>
          <DialogDescription>It counts for every call judged from then on, in all runs, also those under way. Requests that wait are judged again before they run.</DialogDescription>
        </DialogHeader>
        <form ref={formRef} noValidate onSubmit={(event) => void publish(event)} className="flex flex-col gap-4">
          <Field label="What changes" isRequired hint="Kept with the version, for ever." error={shown.note}>
            {(control) => <Textarea {...control} name="note" value={note} maxLength={2000} onChange={(event) => setNote(event.target.value)} />}
          </Field>
          {backTest === null ? (
            <div className="flex flex-col gap-2 rounded-control border p-3">
              <p className="flex flex-wrap items-center gap-x-2 text-row">
                <FlaskConical aria-hidden className="size-4 text-waiting-text" />
                <span className="min-w-0 flex-1">This exact text was not back-tested on any recorded decision.</span>
                <Link to="/governance" search={{ tab: 'backtest', policy: policy.id }} className="text-primary underline underline-offset-4 hover:no-underline">Back-test it first</Link>
              </p>
              <Field label="Reason to go without" isRequired error={shown.reason}>
                {(control) => <Textarea {...control} name="reason" value={reason} maxLength={2000} className="min-h-16" onChange={(event) => setReason(event.target.value)} />}
              </Field>
            </div>
          ) : (
            <p className="flex flex-wrap items-center gap-x-2 rounded-control bg-completed-tint px-3 py-2 text-row text-completed-text">
              <FlaskConical aria-hidden className="size-4" />
              <span className="min-w-0 flex-1">This exact text was back-tested <RelativeTime at={backTest.finished_at} />.</span>
              <Link to="/governance" search={{ tab: 'backtest', policy: policy.id, back_test: backTest.id }} className="underline underline-offset-4 hover:no-underline">Open the result</Link>
            </p>
          )}
          {warnings.length > 0 && (
            <div className="flex flex-col gap-2">
              <IssueList issues={warnings} />
              <CheckboxField name="warnings" isChecked={hasRead} onChange={setHasRead}>I have read the warnings; this is what I mean</CheckboxField>
              {shown.warnings !== undefined && <FieldError>{shown.warnings}</FieldError>}
            </div>
          )}
          {error !== undefined && <div role="alert"><FieldError>{sentenceOf(error)}</FieldError></div>}
          <DialogFooter>
            <Button type="submit" isBusy={isBusy}><Rocket aria-hidden />Make live</Button>
            <DialogClose asChild><Button variant="outline" disabled={isBusy}>Not yet</Button></DialogClose>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
};
