import type { ApprovalRequest } from '@contracts/approvals.ts';
import { isRiskAtLeast } from '@contracts/tools.ts';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useOnceTrue } from '@/hooks/use-once-true.ts';
import { useShortcuts } from '@/hooks/use-shortcuts.ts';
import { ApprovalStatePill, approvalLooks } from '../approval-state-pill.tsx';
import { LazyMenu } from '../layout/lazy-menu.tsx';
import { announce } from '../layout/live-region.tsx';
import { RiskChip } from '../risk-chip.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Card } from '../ui/card.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { UntrustedText } from '../untrusted-text.tsx';
import { ApprovalContext } from './approval-context.tsx';
import type { AskedDecision } from './approve-dialog.tsx';
import { ArgumentsView } from './arguments-view.tsx';
import { CardMenuButton } from './card-menu-button.tsx';
import { type HeadingLevel, NotRecorded, Notice, Part } from './card-parts.tsx';
import { describeConflict, describeRefusedEdit } from './conflict.ts';
import { Countdown } from './countdown.tsx';
import { DecisionBar } from './decision-bar.tsx';
import { useApprovalDraft } from './draft-store.ts';
import { LongText } from './long-text.tsx';
import { Outcome } from './outcome.tsx';
import { RejectForm } from './reject-form.tsx';
import { composeReason } from './reject-reason.ts';
import { type Decision, useDecision } from './use-decision.ts';
import { useRefusals } from './use-refusals.ts';
import { useSpokenMarks, useTimeLeft } from './use-time-left.ts';

// Most requests are decided as they are.
const EditForm = lazy(() => import('./edit-form.tsx').then((module) => ({ default: module.EditForm })));

const OutcomeQuestion = lazy(() => import('./outcome-question.tsx').then((module) => ({ default: module.OutcomeQuestion })));
const loadMenu = () => import('./card-menu-items.tsx');
const CardMenuItems = lazy(() => loadMenu().then((module) => ({ default: module.CardMenuItems })));
const loadDialog = () => import('./approve-dialog.tsx');
const ApproveDialog = lazy(() => loadDialog().then((module) => ({ default: module.ApproveDialog })));

const attribute = 'data-open-approval';

/** Puts the focus on the heading of the next card that is still open, after `own` or from the top; else on `own`. */
const focusNext = (own: HTMLElement | null): void => {
  const open = [...document.querySelectorAll<HTMLElement>(`[${attribute}]`)].filter((heading) => heading !== own);
  const after = own === null ? undefined : open.find((heading) => (own.compareDocumentPosition(heading) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0);
  (after ?? open[0] ?? own)?.focus();
};

/** Puts the focus on the page's heading, if nothing else has it. */
const focusPage = (): void => {
  if (document.activeElement === document.body) document.querySelector('h1')?.focus();
};

/** The card of a loaded request. What is on the screen stays what was read first; a changed request has to be asked for. */
export const ApprovalCardBody = ({
  request: latest,
  receivedAt,
  headingLevel,
  hasShortcuts,
  takesFocus,
  onDecided,
}: {
  request: ApprovalRequest;
  receivedAt: number;
  headingLevel: HeadingLevel;
  hasShortcuts: boolean;
  takesFocus: boolean;
  onDecided?: (settled: ApprovalRequest) => void;
}) => {
  const [read, setRead] = useState(latest);
  const isOpen = latest.status === 'pending';
  const hasChanged = isOpen && (latest.arguments_hash !== read.arguments_hash || latest.version !== read.version);
  const request = isOpen ? { ...latest, arguments: read.arguments, arguments_hash: read.arguments_hash, version: read.version, effect_sentence: read.effect_sentence, facts: read.facts } : latest;

  const headingId = useId();
  const headingRef = useRef<HTMLHeadingElement>(null);
  const approveRef = useRef<HTMLButtonElement>(null);
  const editRef = useRef<HTMLButtonElement>(null);
  const rejectRef = useRef<HTMLButtonElement>(null);
  const { draft, change, forget } = useApprovalDraft(latest.id, read.arguments_hash);
  const decision = useDecision(request);
  const [asked, setAsked] = useState<AskedDecision>();
  const [conflict, setConflict] = useState<string>();
  const [settled, setSettled] = useState<ApprovalRequest>();
  const leftMs = useTimeLeft(request, receivedAt);
  useSpokenMarks(isOpen ? leftMs : null, request.tool_name);
  const refusals = useRefusals(request);
  const isOver = leftMs !== null && leftMs <= 0;
  const canApprove = isOpen && !isOver && refusals.decide === undefined && refusals.approve === undefined;
  const canReject = isOpen && !isOver && refusals.decide === undefined;
  const mode = !isOpen || hasChanged || (draft.mode === 'edit' && !canApprove && !isOver) || (draft.mode === 'reject' && !canReject && !isOver) ? 'view' : draft.mode;

  // Not part of what has to be there first, but there when somebody has read the card.
  useEffect(() => void loadDialog().catch(() => {}), []);

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

  // After the dialog has closed and given the focus back, so that it does not take it away again.
  useEffect(() => {
    if (settled === undefined || asked !== undefined) return undefined;
    const timer = setTimeout(() => (onDecided === undefined ? focusNext(headingRef.current) : onDecided(settled)), 0);
    return () => clearTimeout(timer);
    // oxlint-disable-next-line react/exhaustive-deps -- once for each decision
  }, [settled, asked]);

  const send = async (body: Decision): Promise<void> => {
    setConflict(undefined);
    try {
      const answer = await decision.mutateAsync(body);
      forget();
      announce(`${approvalLooks[answer.status].word}: ${answer.tool_name}. The decision is recorded.`);
      setSettled(answer);
    } catch (error) {
      const sentence = describeConflict(error, Date.now() + (Date.parse(latest.server_time) - receivedAt));
      if (sentence === undefined) throw error;
      setConflict(sentence);
      change({ mode: 'view' });
      setTimeout(() => headingRef.current?.focus(), 0);
    }
  };
  /** For buttons outside a dialog: the failure is shown by the mutation's state. */
  const sendQuietly = (body: Decision): void => void send(body).catch(() => {});

  const needsConfirm = isRiskAtLeast(request.risk_level, 'HIGH') || request.kind === 'outcome_unknown';
  const approve = (): void => (needsConfirm ? setAsked('approve') : sendQuietly({ verdict: 'approve' }));
  const openEdit = (): void => change({ mode: 'edit' });
  const openReject = (): void => change({ mode: 'reject' });
  const closeForm = (): void => {
    const button = mode === 'edit' ? editRef : rejectRef;
    change({ mode: 'view' });
    setTimeout(() => button.current?.focus(), 0);
  };
  useShortcuts(
    hasShortcuts && isOpen
      ? {
          a: () => approveRef.current?.focus(),
          ...(canApprove && request.kind === 'tool_call' ? { e: openEdit } : {}),
          ...(canReject ? { r: openReject } : {}),
        }
      : {},
  );

  const argumentsTitle = !isOpen ? 'What was asked' : latest.kind === 'outcome_unknown' ? 'What was being executed' : mode === 'edit' ? 'Edit what will be executed' : 'What will be executed';
  const Heading = headingLevel === 2 ? 'h2' : 'h3';
  const failure = decision.error !== null && conflict === undefined ? decision.error : null;
  const refusedEdit = describeRefusedEdit(failure);
  const keptWords = [composeReason(draft.preset, draft.reason), draft.note.trim()].filter((words) => words !== '').join(' · ');
  const Menu = useMemo(() => () => <CardMenuItems requestId={latest.id} runId={latest.run_id} />, [latest.id, latest.run_id]);

  return (
    <Card aria-labelledby={headingId} className="[&_:focus-visible]:scroll-mt-28 [&_:focus-visible]:scroll-mb-56">
      <header className="flex flex-col gap-2 p-4">
        <div className="flex items-start justify-between gap-3">
          <div className="flex flex-wrap items-center gap-x-2 gap-y-1 text-row">
            <ApprovalStatePill status={latest.status} />
            {latest.kind === 'outcome_unknown' && <Badge>Outcome unknown</Badge>}
            <code>{latest.tool_name}</code>
            <span className="text-muted-foreground">by <UntrustedText text={latest.agent_name} /></span>
          </div>
          <LazyMenu button={(props) => <CardMenuButton {...props} />} load={loadMenu} Menu={Menu} />
        </div>
        <Heading ref={headingRef} id={headingId} tabIndex={-1} data-heading {...(isOpen ? { [attribute]: latest.id } : {})} className="scroll-mt-28 text-title font-semibold wrap-anywhere">
          <UntrustedText text={request.effect_sentence} />
        </Heading>
      </header>

      {conflict !== undefined && (
        <Notice>
          <p className="font-medium">{conflict}</p>
          <p>Your decision was not recorded.</p>
          {keptWords !== '' && <p>Your words are kept: “<UntrustedText text={keptWords} />”</p>}
        </Notice>
      )}
      {hasChanged && (
        <Notice action={<Button variant="outline" size="small" onClick={() => { setRead(latest); setConflict(undefined); }}>Show the changed request</Button>}>
          <p className="font-medium">The request changed while you were reading (version {latest.version}).</p>
          <p>What you see is the old one and can no longer be decided.</p>
        </Notice>
      )}
      {!isOpen && <Part title="Outcome" level={headingLevel}><Outcome request={latest} /></Part>}

      <Part title={request.kind === 'outcome_unknown' ? 'Why you are asked' : 'Why it needs a person'} level={headingLevel}>
        {request.kind === 'outcome_unknown' && <Suspense fallback={<Skeleton className="h-40" />}><OutcomeQuestion request={request} /></Suspense>}
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1 text-row">
          <RiskChip risk={request.risk_level} />
          {request.kind === 'tool_call' && <UntrustedText text={request.reason} />}
        </div>
        <p className="text-caption text-muted-foreground">
          {request.matched_rules.length === 0 ? 'No rule matched' : request.matched_rules.map(({ description }) => description).join(' ')}
          {' · '}
          <Link to="/governance" className="underline underline-offset-4 hover:no-underline">policy {request.policy_version}</Link>
        </p>
      </Part>

      <Part title={argumentsTitle} level={headingLevel}>
        {mode === 'edit' ? (
          <Suspense fallback={<Skeleton className="h-48" />}>
            <EditForm
              request={request}
              draft={draft.fields}
              onDraft={(fields) => change({ fields })}
              note={draft.note}
              onNote={(note) => change({ note })}
              onApprove={(editedArguments) => sendQuietly({ verdict: 'approve', editedArguments, note: draft.note.trim() })}
              onCancel={closeForm}
              isBusy={decision.isPending}
              isDisabled={!canApprove}
              error={refusedEdit}
            />
          </Suspense>
        ) : (
          <ArgumentsView request={request} />
        )}
      </Part>

      <Part title="What the agent says about it" level={headingLevel}>
        {request.agent_reasoning === null || request.agent_reasoning.trim() === '' ? (
          <p className="text-row text-muted-foreground">The agent gave no reasons.</p>
        ) : (
          <figure className="flex flex-col gap-1 border-l-2 border-input pl-3">
            <figcaption className="text-caption text-muted-foreground">The agent’s own words, unverified</figcaption>
            <blockquote><LongText text={request.agent_reasoning} label="the agent’s words" /></blockquote>
          </figure>
        )}
      </Part>

      <Part title="Where it comes from" level={headingLevel}><ApprovalContext request={request} /></Part>

      {isOpen && !hasChanged && (
        <div className="sticky bottom-0 z-20 flex flex-col gap-3 rounded-b-card border-t bg-card p-4 max-sm:bottom-[calc(56px+env(safe-area-inset-bottom))] max-sm:p-3">
          {failure !== null && refusedEdit === undefined && asked === undefined && <NotRecorded error={failure} />}
          {mode !== 'view' && !isOver && <Countdown request={request} leftMs={leftMs} />}
          {mode === 'reject' && canReject ? (
            <RejectForm
              preset={draft.preset}
              reason={draft.reason}
              onChange={change}
              onReject={(reason) => sendQuietly({ verdict: 'reject', reason })}
              onCancel={closeForm}
              isBusy={decision.isPending}
              isGivingUp={request.kind === 'outcome_unknown'}
            />
          ) : (
            mode === 'view' || isOver ? (
              <DecisionBar
                request={request}
                leftMs={leftMs}
                refusals={refusals}
                isSending={decision.isPending}
                approveRef={approveRef}
                editRef={editRef}
                rejectRef={rejectRef}
                onApprove={approve}
                onEdit={openEdit}
                onReject={openReject}
                onConfirmHappened={() => setAsked('confirm_happened')}
              />
            ) : null
          )}
        </div>
      )}
      {useOnceTrue(asked !== undefined) && (
        <Suspense fallback={null}>
          <ApproveDialog
            request={request}
            asked={asked}
            onOpenChange={(open) => {
              if (!open) setAsked(undefined);
            }}
            onConfirm={() => send({ verdict: asked ?? 'approve' })}
          />
        </Suspense>
      )}
    </Card>
  );
};
