import { Snowflake } from 'lucide-react';
import { lazy, Suspense, useRef } from 'react';
import { Button } from '@/components/ui/button.tsx';
import { Card, CardContent, CardHeader, CardTitle } from '@/components/ui/card.tsx';
import { FieldError } from '@/components/ui/field.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { ApiError, sentenceOf } from '@/lib/api-error.ts';
import { cn } from '@/lib/cn.ts';
import type { CedarEditorHandle } from './cedar-editor/cedar-editor.tsx';
import type { EditorAction, EditorState } from './editor-state.ts';
import { FactTable } from './fact-table.tsx';
import { PolicyFormFields } from './form/policy-form.tsx';
import { IssueList } from './issue-list.tsx';

// Most of the page's code, and no part of the first page of anything.
const CedarEditor = lazy(() => import('./cedar-editor/cedar-editor.tsx').then((module) => ({ default: module.CedarEditor })));

/** Why the check of one side failed, with the fields the server named. */
const CheckError = ({ error, onRetry }: { error: unknown; onRetry: () => void }) => (
  <div role="alert" className="flex flex-wrap items-start gap-3">
    <div className="min-w-0 flex-1">
      <FieldError>Not checked: {sentenceOf(error)}</FieldError>
      {error instanceof ApiError && error.fieldIssues.map(({ path, message }) => <p key={path} className="pl-5.5 text-caption text-destructive">{path.replace(/^form\./, '').replaceAll('_', ' ')}: {message}</p>)}
    </div>
    <Button variant="outline" size="small" onClick={onRetry}>Check again</Button>
  </div>
);

/** The same policy twice: as a form and as text. Either can be changed; the other one follows. */
export const EditorPanel = ({ state, dispatch, incomplete, isChecking, canWrite }: { state: EditorState; dispatch: (action: EditorAction) => void; incomplete: readonly string[]; isChecking: boolean; canWrite: boolean }) => {
  const editorRef = useRef<CedarEditorHandle>(null);
  const { form, refusal, lead, issues, checkError } = state;
  const isFrozen = refusal !== null;
  // While one side is ahead the other one waits for it: what would be written there would be lost with the answer.
  const isFormLocked = !canWrite || isFrozen || lead === 'text';
  const errors = issues.filter(({ severity }) => severity === 'error').length;
  return (
    <div className="grid items-start gap-4 xl:grid-cols-2">
      <Card>
        <CardHeader><CardTitle>Form</CardTitle></CardHeader>
        <CardContent className="flex flex-col gap-4">
          {isFrozen && (
            <div role="status" className="flex items-start gap-2 rounded-control bg-waiting-tint px-3 py-2 text-row text-waiting-text">
              <Snowflake aria-hidden className="mt-0.5 size-4 shrink-0" />
              <p><strong className="font-medium">The form is frozen.</strong> {refusal} The text holds, and nothing of it is lost{form !== null && '; below is what the form showed last'}.</p>
            </div>
          )}
          {form === null
            ? !isFrozen && (checkError === undefined ? <Skeleton className="h-96" /> : <p className="text-row text-muted-foreground">The form follows once the text is checked.</p>)
            : <div className={cn(isFrozen && 'opacity-60')}><PolicyFormFields form={form} isDisabled={isFormLocked} onChange={(changed) => dispatch({ type: 'form-changed', form: changed })} /></div>}
        </CardContent>
      </Card>
      <Card className="xl:sticky xl:top-16">
        <CardHeader>
          <CardTitle>Cedar text</CardTitle>
          <span role="status" className="text-caption text-muted-foreground">
            {incomplete.length > 0 ? 'Waits for the form' : isChecking ? 'Checking…' : checkError !== undefined ? 'Not checked' : errors > 0 ? `${errors} ${errors === 1 ? 'error keeps' : 'errors keep'} it from going live` : issues.length > 0 ? 'Valid, with warnings' : 'Valid'}
          </span>
        </CardHeader>
        <CardContent className="flex flex-col gap-3">
          {incomplete.map((sentence) => <p key={sentence} className="text-row text-waiting-text">{sentence}</p>)}
          {checkError !== undefined && <CheckError error={checkError} onRetry={() => dispatch({ type: 'check-again' })} />}
          <Suspense fallback={<Skeleton className="h-72" />}>
            <CedarEditor
              ref={editorRef}
              value={state.cedar}
              issues={lead === 'both' ? issues : undefined}
              label="Cedar text of the policy"
              isReadOnly={!canWrite || lead === 'form'}
              onChange={(cedar) => dispatch({ type: 'text-changed', cedar })}
            />
          </Suspense>
          {canWrite && <p className="text-caption text-muted-foreground"><kbd>Ctrl</kbd>+<kbd>Space</kbd> lists what can be written next, Tab indents. To leave the editor by keyboard press <kbd>Esc</kbd>, then <kbd>Tab</kbd>.</p>}
          {issues.length > 0 && <IssueList issues={issues} onGo={(issue) => editorRef.current?.goTo(issue)} />}
          <details>
            <summary className="min-h-6 cursor-pointer text-row text-muted-foreground">Facts the text may ask for</summary>
            <div className="mt-2"><FactTable /></div>
          </details>
        </CardContent>
      </Card>
    </div>
  );
};
