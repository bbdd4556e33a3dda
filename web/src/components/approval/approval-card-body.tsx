import type { ApprovalDetails, ApprovalRequest } from '@contracts/approvals.ts';
import { isRiskAtLeast } from '@contracts/tools.ts';
import { lazy, Suspense, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useOnceTrue } from '@/hooks/use-once-true.ts';
import { useShortcuts } from '@/hooks/use-shortcuts.ts';
import { ApprovalStatePill } from '../approval-state-pill.tsx';
import { LazyMenu } from '../layout/lazy-menu.tsx';
import { Badge } from '../ui/badge.tsx';
import { Card } from '../ui/card.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { UntrustedText } from '../untrusted-text.tsx';
import { AgentReasons } from './agent-reasons.tsx';
import { ApprovalContext } from './approval-context.tsx';
import type { AskedDecision } from './decision/approve-dialog.tsx';
import { ArgumentsView } from './arguments/arguments-view.tsx';
import { CardDecision } from './decision/card-decision.tsx';
import { CardMenuButton } from './card-menu-button.tsx';
import { CardNotices } from './card-notices.tsx';
import { type HeadingLevel, Part } from './card-parts.tsx';
import { useApprovalDraft } from './decision/draft-store.ts';
import { isExtendable } from './time/extend-choices.ts';
import { Outcome } from './decision/outcome.tsx';
import { questionOf } from './answer/question.ts';
import { openCardAttribute, useCardDecision } from './decision/use-card-decision.ts';
import { useRefusals } from './decision/use-refusals.ts';
import { useSpokenMarks, useTimeLeft } from './time/use-time-left.ts';
import { WhyAsked } from './terms/why-asked.tsx';

// Most requests are decided as they are.
const EditForm = lazy(() => import('./edit/edit-form.tsx').then((module) => ({ default: module.EditForm })));
const EditSoFar = lazy(() => import('./edit/edit-so-far.tsx').then((module) => ({ default: module.EditSoFar })));
const OutcomeQuestion = lazy(() => import('./answer/outcome-question.tsx').then((module) => ({ default: module.OutcomeQuestion })));
const loadMenu = () => import('./card-menu-items.tsx');
const CardMenuItems = lazy(() => loadMenu().then((module) => ({ default: module.CardMenuItems })));
const loadDialog = () => import('./decision/approve-dialog.tsx');
const ApproveDialog = lazy(() => loadDialog().then((module) => ({ default: module.ApproveDialog })));
const ExtendDialog = lazy(() => import('./time/extend-dialog.tsx').then((module) => ({ default: module.ExtendDialog })));

/** Puts the focus on the page's heading, if nothing else has it. */
const focusPage = (): void => {
  if (document.activeElement === document.body) document.querySelector('h1')?.focus();
};

/** What stays as it was read until the reader asks for the change: what would run, and what is said of it. */
const asRead = (latest: ApprovalRequest, read: ApprovalRequest): ApprovalRequest => ({
  ...latest, arguments: read.arguments, original_arguments: read.original_arguments, arguments_hash: read.arguments_hash, version: read.version,
  effect_sentence: read.effect_sentence, facts: read.facts, risk_level: read.risk_level,
});

const titleOfArguments = ({ status, kind }: ApprovalRequest, isEditing: boolean): string => {
  if (kind === 'question') return status === 'pending' ? 'What the agent asks' : 'What was asked';
  if (status !== 'pending') return 'What was asked';
  if (kind === 'outcome_unknown') return 'What was being executed';
  return isEditing ? 'Edit what will be executed' : 'What will be executed';
};

/** The card of a loaded request. What is on the screen stays what was read first; a changed request has to be asked for. */
export const ApprovalCardBody = ({ request: latest, details, receivedAt, headingLevel, hasShortcuts, takesFocus, onDecided }: {
  request: ApprovalRequest;
  /** Undefined while only the list's reading of it is there. */
  details: ApprovalDetails | undefined;
  receivedAt: number;
  headingLevel: HeadingLevel;
  hasShortcuts: boolean;
  takesFocus: boolean;
  onDecided?: (settled: ApprovalRequest) => void;
}) => {
  const [read, setRead] = useState(latest);
  const isOpen = latest.status === 'pending';
  const hasChanged = isOpen && (latest.arguments_hash !== read.arguments_hash || latest.version !== read.version);
  const request = isOpen ? asRead(latest, read) : latest;

  const headingId = useId();
  const headingRef = useRef<HTMLHeadingElement>(null);
  const approveRef = useRef<HTMLButtonElement>(null);
  const editRef = useRef<HTMLButtonElement>(null);
  const rejectRef = useRef<HTMLButtonElement>(null);
  const answerRef = useRef<HTMLTextAreaElement>(null);
  const { draft, change, forget } = useApprovalDraft(latest.id, read.arguments_hash);
  const [asked, setAsked] = useState<AskedDecision>();
  const [isExtending, setIsExtending] = useState(false);
  const decision = useCardDecision({
    seen: request, latest, receivedAt, headingRef, onDecided,
    isAsking: asked !== undefined,
    onRecorded: (answer, sent) => {
      if (answer.status === 'pending') {
        setRead(answer);
        if (sent.verdict !== 'extend') change({ mode: 'view', fields: {}, note: '' });
      }
      if (sent.verdict !== 'extend') forget();
    },
    onConflict: () => change({ mode: 'view' }),
  });
  const leftMs = useTimeLeft(request, receivedAt);
  useSpokenMarks(isOpen ? leftMs : null, request.tool_name);
  const refusals = useRefusals(request);
  const isOver = leftMs !== null && leftMs <= 0;
  const canReject = isOpen && !isOver && refusals.decide === undefined;
  const canApprove = canReject && refusals.approve === undefined;
  const isCall = request.kind === 'tool_call';
  const canEdit = canApprove && isCall && refusals.edit === undefined;
  const isFormUsable = { view: true, edit: canEdit || (isOver && isCall), reject: canReject || isOver, take_over: canApprove || isOver }[draft.mode];
  const mode = isOpen && !hasChanged && isFormUsable ? draft.mode : 'view';

  useEffect(() => {
    if (takesFocus) headingRef.current?.focus();
  }, [takesFocus]);

  // A page may take the card away with the decision (the run page does): the focus must not be lost with it.
  useLayoutEffect(() => {
    const card = headingRef.current?.closest('section');
    return () => {
      if (card?.contains(document.activeElement)) setTimeout(focusPage, 0);
    };
  }, []);

  const needsConfirm = isRiskAtLeast(request.risk_level, 'HIGH') || request.kind === 'outcome_unknown';
  const openEdit = (): void => change({ mode: 'edit' });
  const openReject = (): void => change({ mode: 'reject' });
  const closeForm = (): void => {
    const button = mode === 'edit' ? editRef : mode === 'reject' ? rejectRef : approveRef;
    change({ mode: 'view' });
    setTimeout(() => button.current?.focus(), 0);
  };
  const onExtend = canReject && isExtendable(latest) && !hasChanged ? () => setIsExtending(true) : undefined;
  const hasTakeOver = canApprove && isCall && !hasChanged;
  useShortcuts(
    hasShortcuts && isOpen
      ? { a: () => (answerRef.current ?? approveRef.current)?.focus(), ...(canEdit ? { e: openEdit } : {}), ...(canReject ? { r: openReject } : {}) }
      : {},
  );

  const Heading = headingLevel === 2 ? 'h2' : 'h3';
  const question = latest.kind === 'question' ? questionOf(request) : undefined;
  const hasExtend = onExtend !== undefined;
  // One component as long as its items stay: another one would close the menu under the reader each second.
  const Menu = useMemo(() => () => (
    <CardMenuItems requestId={latest.id} runId={latest.run_id} onExtend={hasExtend ? () => setIsExtending(true) : undefined} onTakeOver={hasTakeOver ? () => change({ mode: 'take_over' }) : undefined} />
  ), [latest.id, latest.run_id, hasExtend, hasTakeOver, change]);

  return (
    <Card aria-labelledby={headingId} className="[&_:focus-visible]:scroll-mt-28 [&_:focus-visible]:scroll-mb-56">
      <header className="flex flex-col gap-2 p-4">
        <div className="flex items-start justify-between gap-3">
          <div className="flex flex-wrap items-center gap-x-2 gap-y-1 text-row">
            <ApprovalStatePill status={latest.status} decision={latest.decision} />
            {latest.kind === 'outcome_unknown' && <Badge>Outcome unknown</Badge>}
            {latest.kind === 'question' && <Badge>Question</Badge>}
            <code className="wrap-anywhere">{latest.tool_name}</code>
            <span className="text-muted-foreground">by <UntrustedText text={latest.agent_name} /></span>
          </div>
          <LazyMenu button={(props) => <CardMenuButton {...props} />} load={loadMenu} Menu={Menu} />
        </div>
        <Heading ref={headingRef} id={headingId} tabIndex={-1} data-heading {...(isOpen ? { [openCardAttribute]: latest.id } : {})} className="scroll-mt-28 text-title font-semibold wrap-anywhere">
          <UntrustedText text={request.effect_sentence} />
        </Heading>
      </header>

      <CardNotices
        latest={latest}
        draft={draft}
        conflict={decision.conflict}
        recorded={decision.recorded}
        hasChanged={hasChanged}
        onShowChange={() => {
          setRead(latest);
          decision.forgetConflict();
        }}
      />
      {!isOpen && <Part title="Outcome" level={headingLevel}><Outcome request={latest} /></Part>}

      <Part title={request.kind === 'outcome_unknown' || request.kind === 'question' ? 'Why you are asked' : 'Why it needs a person'} level={headingLevel}>
        {request.kind === 'outcome_unknown' && <Suspense fallback={<Skeleton className="h-40" />}><OutcomeQuestion request={request} /></Suspense>}
        <WhyAsked request={request} />
      </Part>

      <Part title={titleOfArguments(request, mode === 'edit')} level={headingLevel}>
        {mode === 'edit' ? (
          <Suspense fallback={<Skeleton className="h-48" />}>
            <EditForm
              request={request}
              draft={draft.fields}
              onDraft={(fields) => change({ fields })}
              note={draft.note}
              onNote={(note) => change({ note })}
              onApprove={(editedArguments) => decision.sendQuietly({ verdict: 'approve', editedArguments, note: draft.note.trim() })}
              onCancel={closeForm}
              isBusy={decision.isSending}
              isDisabled={!canEdit}
              error={decision.failure}
            />
          </Suspense>
        ) : (
          <>
            {isOpen && request.original_arguments !== null && <Suspense fallback={<Skeleton className="h-24" />}><EditSoFar before={request.original_arguments} after={request.arguments} /></Suspense>}
            {question === undefined ? <ArgumentsView request={request} /> : <UntrustedText isBlock text={question.text} className="border-l-2 border-input pl-3 text-body" />}
          </>
        )}
      </Part>

      <Part title="What the agent says about it" level={headingLevel}><AgentReasons text={request.agent_reasoning} /></Part>
      <Part title="Where it comes from" level={headingLevel}><ApprovalContext request={request} details={details} /></Part>

      {isOpen && !hasChanged && (
        <CardDecision
          request={request}
          choices={question?.choices ?? []}
          leftMs={leftMs}
          mode={mode}
          draft={draft}
          change={change}
          refusals={refusals}
          isSending={decision.isSending}
          failure={asked === undefined && !isExtending ? decision.failure : null}
          refs={{ approve: approveRef, edit: editRef, reject: rejectRef, answer: answerRef }}
          // There when the button is pressed, without being part of what has to be there first.
          onIntent={() => void loadDialog().catch(() => {})}
          onApprove={() => (needsConfirm ? setAsked('approve') : decision.sendQuietly({ verdict: 'approve' }))}
          onConfirmHappened={() => setAsked('confirm_happened')}
          onEdit={openEdit}
          onReject={openReject}
          onCloseForm={closeForm}
          onExtend={onExtend}
          send={decision.sendQuietly}
        />
      )}
      {useOnceTrue(asked !== undefined) && (
        <Suspense fallback={null}>
          <ApproveDialog request={request} asked={asked} onOpenChange={(open) => !open && setAsked(undefined)} onConfirm={() => decision.send({ verdict: asked ?? 'approve' })} />
        </Suspense>
      )}
      {useOnceTrue(isExtending) && (
        <Suspense fallback={null}>
          <ExtendDialog request={latest} isOpen={isExtending} onOpenChange={setIsExtending} onExtend={(expiresAt) => decision.send({ verdict: 'extend', expiresAt })} />
        </Suspense>
      )}
    </Card>
  );
};
