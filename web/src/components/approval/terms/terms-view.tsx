import type { ApprovalRequest, ApprovalVote } from '@contracts/approvals.ts';
import { Check, CircleDashed, CircleSlash } from 'lucide-react';
import type { ReactNode } from 'react';
import { formatAbsoluteTime, formatTimeOfDay } from '@/lib/format.ts';
import { UntrustedText } from '../../untrusted-text.tsx';
import { anybody, demandsOf, needsSeveral, progressOf, spanOf, wordsOfApprovers } from './terms-words.ts';

const Row = ({ term, children }: { term: string; children: ReactNode }) => (
  <>
    <dt className="text-caption font-medium text-muted-foreground">{term}</dt>
    <dd className="min-w-0 wrap-anywhere">{children}</dd>
  </>
);

/** Who said yes already, and whose yes no longer counts. */
export const Votes = ({ votes }: { votes: readonly ApprovalVote[] }) => (
  <ul className="flex flex-col gap-0.5">
    {votes.map(({ by, on_behalf_of: behalf, at, note, counts }) => {
      const Icon = counts ? Check : CircleSlash;
      return (
        <li key={`${by.user_id ?? by.name}${at}`} className="flex items-start gap-1.5">
          <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-muted-foreground" />
          <span className="min-w-0">
            <span className={counts ? '' : 'text-muted-foreground line-through'}><UntrustedText text={by.name} />{behalf !== null && <> for <UntrustedText text={behalf.name} /></>}, <time dateTime={at} title={formatAbsoluteTime(at)}>{formatTimeOfDay(at)}</time></span>
            {!counts && <span className="text-destructive"> – no longer counts: may not decide it any more</span>}
            {note !== null && note !== '' && <>: “<UntrustedText text={note} />”</>}
          </span>
        </li>
      );
    })}
  </ul>
);

const Demands = ({ request }: { request: ApprovalRequest }) => (
  <ul className="flex flex-col gap-0.5">
    {demandsOf(request).map((demand) => {
      const Icon = demand.missing === 0 ? Check : CircleDashed;
      return (
        <li key={demand.policy?.id ?? ''} className="flex items-start gap-1.5">
          <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-muted-foreground" />
          <span className="min-w-0"><strong className="font-semibold">{progressOf(demand)}</strong> from {demand.who}{demand.policy !== null && <span className="text-muted-foreground"> ({demand.policy.name})</span>}</span>
        </li>
      );
    })}
  </ul>
);

/** What the policies ask of this approval, in words: who, how many, what is missing, and what time does to it. */
export const ApprovalTermsView = ({ request }: { request: ApprovalRequest }) => {
  const { terms, votes, escalated_to: escalatedTo, status } = request;
  const isOpen = status === 'pending';
  const ahead = isOpen ? terms.escalations.filter(({ approvers }) => !approvers.every((one) => escalatedTo.includes(one))) : [];
  const isPlain = terms.requirements.length === 0 && !needsSeveral(request);
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] items-baseline gap-x-3 gap-y-1.5 text-row">
      {isPlain ? <Row term="Who decides">{anybody}</Row> : <Row term={isOpen ? 'Needs' : 'Needed'}><Demands request={request} /></Row>}
      {votes.length > 0 && <Row term="Approved by"><Votes votes={votes} /></Row>}
      {escalatedTo.length > 0 && <Row term="Escalated to">{wordsOfApprovers(escalatedTo)}, who may decide as well</Row>}
      {ahead.map(({ after_seconds: after, approvers }) => <Row key={after} term="Escalates">to {wordsOfApprovers(approvers)} {spanOf(after)} after it was asked</Row>)}
      {request.forbids_self_approval && <Row term="Own run">{request.started_by === null ? 'Whoever started the run' : <UntrustedText text={request.started_by} />} may not approve it</Row>}
      {terms.editable_fields !== null && request.kind === 'tool_call' && <Row term="Edits">{terms.editable_fields.length === 0 ? 'No argument may be edited' : `Only ${terms.editable_fields.join(', ')} may be edited`}</Row>}
    </dl>
  );
};
