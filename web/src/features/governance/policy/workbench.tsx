import type { PolicyDetails } from '@contracts/policies.ts';
import { useNavigate } from '@tanstack/react-router';
import { TriangleAlert } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { toast } from 'sonner';
import { ConfirmDialog } from '@/components/confirm-dialog.tsx';
import { PageHeader } from '@/components/layout/page-header.tsx';
import { EffectPill } from '@/components/policies/effect-pill.tsx';
import { Field, FieldError } from '@/components/ui/field.tsx';
import { Input } from '@/components/ui/input.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { Tabs, TabsContent, TabsList, TabsTrigger } from '@/components/ui/tabs.tsx';
import { hasCode, sentenceOf } from '@/lib/api-error.ts';
import { useCan } from '@/lib/auth.tsx';
import { PolicyState } from '../policies/policy-state.tsx';
import type { OnPolicySearch, PolicySearch } from '../search.ts';
import { LeaveGuard } from './dialogs/leave-guard.tsx';
import { NoteDialog } from './dialogs/note-dialog.tsx';
import { PublishDialog } from './dialogs/publish-dialog.tsx';
import { EditorPanel } from './editor-panel.tsx';
import { type EditorState, isUnsaved } from './editor-state.ts';
import { PolicyActions } from './policy-actions.tsx';
import { governanceCrumbs, onlyAdminsWords } from './policy-words.ts';
import { usePolicyActions } from './use-policy-actions.ts';
import { usePolicyEditor } from './use-policy-editor.ts';

const ConflictDialog = lazy(() => import('./dialogs/conflict-dialog.tsx'));
const Versions = lazy(() => import('./versions/versions.tsx').then((module) => ({ default: module.Versions })));
const TryDraft = lazy(() => import('../try/try-draft.tsx').then((module) => ({ default: module.TryDraft })));

/** The text one works on: the draft, else what is or was live. */
export const textOf = ({ draft, cedar }: Pick<PolicyDetails, 'draft' | 'cedar'>): string => draft?.cedar ?? cedar ?? '';

type OpenDialog = 'publish' | 'off' | 'discard';

/** A written policy, or a new one (`policy` undefined), with all that is done to it. */
export const Workbench = ({ policy, begin, search, onSearch }: { policy: PolicyDetails | undefined; begin: () => EditorState; search: PolicySearch; onSearch: OnPolicySearch }) => {
  const navigate = useNavigate();
  const canWrite = useCan('policies:write');
  const { state, dispatch, incomplete, isChecking } = usePolicyEditor(begin);
  // What the reader has seen. The cache may be newer: a change by somebody else is not slipped under what is typed.
  const [base, setBase] = useState(policy);
  const [dialog, setDialog] = useState<OpenDialog>();
  const [isSaving, setIsSaving] = useState(false);
  const [error, setError] = useState<unknown>();
  const actions = usePolicyActions(base);

  const unsaved = isUnsaved(state, base === undefined ? undefined : { name: base.name, cedar: textOf(base) });
  const isOvertaken = policy !== undefined && base !== undefined && policy.revision !== base.revision;
  if (isOvertaken && !unsaved && !isSaving) {
    setBase(policy);
    if (textOf(policy) !== state.cedar || policy.name !== state.name) dispatch({ type: 'replaced', name: policy.name, cedar: textOf(policy) });
  }
  /** As stored, with what changes without a new revision (a back-test that ended, matches). */
  const stored = isOvertaken ? base : (policy ?? base);

  /** Answers what is stored now; undefined: it is not, and why is told. */
  const save = async (revision?: number): Promise<PolicyDetails | undefined> => {
    if (isSaving) return undefined;
    setIsSaving(true);
    setError(undefined);
    try {
      if (base === undefined) {
        const created = await actions.create(state);
        await navigate({ to: '/governance/policies/$policyId', params: { policyId: created.id }, replace: true, ignoreBlocker: true });
        return created;
      }
      const saved = await actions.save(state, revision);
      if (saved !== undefined) setBase(saved);
      return saved;
    } catch (thrown) {
      setError(thrown);
      return undefined;
    } finally {
      setIsSaving(false);
    }
  };
  const saveDraft = async (revision?: number): Promise<void> => {
    const saved = await save(revision);
    if (saved !== undefined) toast.success(saved.has_draft ? 'The draft is saved' : 'Saved', { description: saved.name });
  };
  const show = (changed: PolicyDetails): void => {
    setBase(changed);
    dispatch({ type: 'replaced', name: changed.name, cedar: textOf(changed) });
  };
  const takeTheirs = async (): Promise<void> => {
    actions.closeConflict();
    show(await actions.reload());
  };
  /** A change of what is in force, ended. Words that are not saved stay; else what is stored is what is seen. */
  const settle = (changed: PolicyDetails | undefined, words: string): void => {
    setDialog(undefined);
    if (changed === undefined) return;
    if (unsaved) setBase(changed);
    else show(changed);
    toast.success(words, { description: changed.name });
  };

  const nameError = hasCode(error, 'POLICY_NAME_TAKEN') ? sentenceOf(error) : undefined;
  const title = base?.name ?? 'New policy';
  return (
    <>
      <PageHeader
        title={title}
        crumbs={governanceCrumbs}
        heading={<>{title}{stored !== undefined && <><PolicyState policy={stored} /><EffectPill effect={stored.effect} /></>}</>}
        description={stored !== undefined && <>{stored.live_version !== null && `Version ${stored.live_version} is in force. `}{stored.scope}</>}
        actions={canWrite && (
          <PolicyActions
            policy={stored}
            state={state}
            isUnsaved={unsaved}
            isIncomplete={incomplete.length > 0}
            isSaving={isSaving}
            onSave={() => void saveDraft()}
            onPublish={() => {
              const open = (saved: PolicyDetails | undefined): void => {
                if (saved !== undefined && base !== undefined) setDialog('publish');
              };
              if (unsaved) void save().then(open);
              else setDialog('publish');
            }}
            onTurnOff={() => setDialog('off')}
            onDiscard={() => setDialog('discard')}
          />
        )}
      />
      <div className="flex flex-col gap-4">
        {!canWrite && <p className="text-row text-muted-foreground">{onlyAdminsWords}</p>}
        {isOvertaken && unsaved && (
          <p role="status" className="flex items-center gap-2 rounded-control bg-waiting-tint px-3 py-2 text-row text-waiting-text">
            <TriangleAlert aria-hidden className="size-4 shrink-0" />{policy.changed_by?.name ?? 'Somebody'} changed this policy meanwhile. Saving shows their text beside yours first.
          </p>
        )}
        {error !== undefined && nameError === undefined && <div role="alert"><FieldError>{sentenceOf(error)}</FieldError></div>}
        <Tabs value={search.view ?? 'editor'} onValueChange={(view) => onSearch({ view: view === 'try' || view === 'versions' ? view : undefined })}>
          <TabsList aria-label="The policy">
            <TabsTrigger value="editor">Form and text</TabsTrigger>
            <TabsTrigger value="try">Try a call</TabsTrigger>
            {base !== undefined && base.state !== 'draft' && <TabsTrigger value="versions">Versions</TabsTrigger>}
          </TabsList>
          <TabsContent value="editor" className="flex flex-col gap-4">
            <Field label="Name" isRequired error={nameError} className="max-w-xl">
              {(control) => <Input {...control} name="name" value={state.name} maxLength={120} readOnly={!canWrite} autoComplete="off" onChange={(event) => dispatch({ type: 'renamed', name: event.target.value })} />}
            </Field>
            <EditorPanel state={state} dispatch={dispatch} incomplete={incomplete} isChecking={isChecking} canWrite={canWrite} />
          </TabsContent>
          <Suspense fallback={<Skeleton className="h-64" />}>
            <TabsContent value="try" tabIndex={-1}><TryDraft policy={stored} state={state} search={search} onSearch={onSearch} /></TabsContent>
            <TabsContent value="versions" tabIndex={-1}>
              {stored !== undefined && <Versions policy={stored} search={search} onSearch={onSearch} onRollBack={async (version, note) => settle(await actions.rollBack(version, note), `The text of version ${version} is in force again`)} />}
            </TabsContent>
          </Suspense>
        </Tabs>
      </div>
      <LeaveGuard isUnsaved={() => canWrite && unsaved} />
      {dialog === 'publish' && stored !== undefined && <PublishDialog policy={stored} onClose={() => setDialog(undefined)} onPublish={async (input) => settle(await actions.publish(input), 'It is live')} />}
      {dialog === 'off' && (
        <NoteDialog title="Turn this policy off?" confirmLabel="Turn off" isDestructive onClose={() => setDialog(undefined)} onConfirm={async (note) => settle(await actions.turnOff(note), 'The policy is off')}>
          From then on it judges nothing. Its versions stay, and each of them can be made live again.
        </NoteDialog>
      )}
      <ConfirmDialog
        isOpen={dialog === 'discard'}
        onOpenChange={(isOpen) => !isOpen && setDialog(undefined)}
        title={base?.state === 'draft' ? 'Delete this policy?' : 'Throw the draft away?'}
        confirmLabel={base?.state === 'draft' ? 'Delete the policy' : 'Throw the draft away'}
        onConfirm={async () => {
          const left = await actions.discard();
          if (left === undefined) return;
          show(left);
          toast.success('The draft is thrown away', { description: left.name });
        }}
      >
        {base?.state === 'draft' ? 'It was never live; its text is lost.' : 'What is in force stays as it is; the text of the draft is lost.'}
      </ConfirmDialog>
      <Suspense fallback={null}>
        {actions.conflict !== undefined && (
          <ConflictDialog
            theirs={actions.conflict}
            mine={{ name: state.name, cedar: state.cedar }}
            onClose={actions.closeConflict}
            onTakeTheirs={() => void takeTheirs().catch(setError)}
            onKeepMine={() => {
              const { revision } = actions.conflict ?? {};
              actions.closeConflict();
              void saveDraft(revision);
            }}
          />
        )}
      </Suspense>
    </>
  );
};
