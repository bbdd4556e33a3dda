import type { ApprovalRequest } from '@contracts/approvals.ts';
import { useQuery } from '@tanstack/react-query';
import { CircleCheck, type LucideIcon, RotateCw, ShieldX } from 'lucide-react';
import type { ReactNode } from 'react';
import { apiQuery } from '@/lib/api-query.ts';
import { RelativeTime } from '../../figures.tsx';
import { UntrustedText } from '../../untrusted-text.tsx';

/** What the record of the call itself says: when it began, how its last attempt ended, what was heard of it too late. */
const useCallStep = ({ run_id, tool_call_id: callId }: ApprovalRequest) => {
  const { data } = useQuery(apiQuery('listSteps', { params: { run_id }, query: { kind: 'tool', limit: 200 } }));
  return data?.items.find((step) => step.tool_call_id === callId);
};

const Answer = ({ icon: Icon, word, children }: { icon: LucideIcon; word: string; children: ReactNode }) => (
  <li className="flex items-start gap-2">
    <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-muted-foreground" />
    <span><strong className="font-semibold">{word}.</strong> {children}</span>
  </li>
);

/** Why a person is asked whether something happened: what is known of it, and what follows from each answer. */
export const OutcomeQuestion = ({ request }: { request: ApprovalRequest }) => {
  const step = useCallStep(request);
  const isOpen = request.status === 'pending';
  return (
    <div className="flex flex-col gap-3 text-row">
      <p>The call had begun, and it may or may not have come to its effect. Maestro never does such a thing a second time by itself, so somebody has to look, for example at the place it was meant to reach.</p>
      <div className="flex flex-col gap-1">
        <h4 className="text-caption font-medium text-muted-foreground">What is known</h4>
        <ul className="flex list-disc flex-col gap-0.5 pl-5">
          <li><UntrustedText text={step?.error?.message ?? request.reason} /></li>
          {step !== undefined && <li>It began <RelativeTime at={step.started_at} />{step.attempt > 1 && ` and was at its attempt ${step.attempt}`}.</li>}
          {step?.summary != null && step.summary !== step.error?.message && <li><UntrustedText text={step.summary} /></li>}
        </ul>
      </div>
      {isOpen && (
        <div className="flex flex-col gap-1">
          <h4 className="text-caption font-medium text-muted-foreground">What you can answer</h4>
          <ul className="flex flex-col gap-1.5">
            <Answer icon={CircleCheck} word="It happened">It is not done again. The run goes on as after a success, and the agent reads that a person confirmed it.</Answer>
            <Answer icon={RotateCw} word="Do it again">Exactly the same call is executed once more. If it did happen before, it happens twice.</Answer>
            <Answer icon={ShieldX} word="Give up">It is not done again. The agent reads that nobody knows whether it happened, with your reason, and goes on.</Answer>
          </ul>
        </div>
      )}
    </div>
  );
};
