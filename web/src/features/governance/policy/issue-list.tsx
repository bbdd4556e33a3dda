import type { PolicyIssue } from '@contracts/policies.ts';
import { CircleAlert, TriangleAlert } from 'lucide-react';
import { Button } from '@/components/ui/button.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { cn } from '@/lib/cn.ts';

/** In the order of the text; what is about the whole stands first. */
const byPlace = (a: PolicyIssue, b: PolicyIssue): number => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);

/** What the server found in the text: where, what, and what may help. */
export const IssueList = ({ issues, onGo }: { issues: readonly PolicyIssue[]; onGo?: (issue: PolicyIssue) => void }) => (
  <ul aria-label="What was found in the text" className="flex flex-col gap-1.5">
    {issues.toSorted(byPlace).map((issue, index) => {
      const isError = issue.severity === 'error';
      const Icon = isError ? CircleAlert : TriangleAlert;
      const place = issue.line === null ? undefined : `Line ${issue.line}, column ${issue.column ?? 1}`;
      return (
        <li key={index} className={cn('flex items-start gap-2 rounded-control px-2.5 py-1.5 text-row', isError ? 'bg-failed-tint text-failed-text' : 'bg-waiting-tint text-waiting-text')}>
          <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
          <span className="min-w-0">
            <span className="sr-only">{isError ? 'Error: ' : 'Warning: '}</span>
            {place !== undefined && (onGo === undefined ? <strong className="mr-1.5 font-medium">{place}</strong> : <Button variant="link" size="inline" className="mr-1.5 text-row text-current" onClick={() => onGo(issue)}>{place}</Button>)}
            <UntrustedText text={issue.message} />
            {issue.hint !== null && <span className="block text-caption"><UntrustedText text={issue.hint} /></span>}
          </span>
        </li>
      );
    })}
  </ul>
);
