import type { AuditEntry } from '@contracts/system.ts';
import { Link } from '@tanstack/react-router';
import { ChevronRight } from 'lucide-react';
import { useId } from 'react';
import { ArgumentChanges } from '@/components/approval/arguments/argument-changes.tsx';
import { CopyButton } from '@/components/copy-button.tsx';
import { RelativeTime } from '@/components/figures.tsx';
import { JsonView } from '@/components/json-view.tsx';
import { Button } from '@/components/ui/button.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { cn } from '@/lib/cn.ts';
import { formatAbsoluteTime, humanize, shortId } from '@/lib/format.ts';
import { isRecord } from '@/lib/is-record.ts';
import type { OnGovernanceSearch } from '../search.ts';
import { actionWords, pathOfObject } from './audit-actions.ts';
import { clearedAuditFilters } from './audit-filters.tsx';

/** Columns of the list, heads and rows alike. */
export const auditRowClass = 'grid grid-cols-[1.25rem_minmax(0,1fr)] items-center gap-x-2 gap-y-0.5 px-3 py-2 sm:grid-cols-[1.25rem_8rem_minmax(0,1fr)_minmax(0,1.4fr)_minmax(0,1fr)] lg:grid-cols-[1.25rem_8rem_minmax(0,1fr)_minmax(0,1.4fr)_minmax(0,1.2fr)_minmax(0,0.8fr)]';

const Fact = ({ label, text }: { label: string; text: string }) => (
  <div className="flex min-w-0 items-center gap-1">
    <dt className="text-muted-foreground">{label}</dt>
    <dd className="flex min-w-0 items-center"><code className="truncate">{text}</code><CopyButton text={text} label={`Copy ${label.toLowerCase()}`} /></dd>
  </div>
);

const Plain = ({ label, text }: { label: string; text: string }) => (
  <div className="flex min-h-7 min-w-0 items-center gap-1">
    <dt className="text-muted-foreground">{label}</dt>
    <dd className="min-w-0 truncate"><UntrustedText text={text} /></dd>
  </div>
);

const Details = ({ entry, onSearch }: { entry: AuditEntry; onSearch: OnGovernanceSearch }) => (
  <div className="flex flex-col gap-3 border-t bg-background p-4">
    <dl className="flex flex-wrap gap-x-6 gap-y-1 text-caption">
      <Plain label="At" text={formatAbsoluteTime(entry.at)} />
      <Plain label="Number" text={String(entry.sequence)} />
      <Plain label="From" text={entry.source ?? 'inside the system'} />
      <Fact label="Object id" text={entry.object_id} />
      {entry.request_id === null ? <Plain label="Request" text="none: not asked for over the API" /> : <Fact label="Request id" text={entry.request_id} />}
      <Fact label="Hash of the entry" text={entry.hash} />
    </dl>
    {isRecord(entry.before) && isRecord(entry.after) ? (
      <div>
        <h2 className="mb-1 text-row font-medium">What changed</h2>
        <ArgumentChanges before={entry.before} after={entry.after} />
      </div>
    ) : (
      <div className="grid min-w-0 gap-3 lg:grid-cols-2">
        {([['Before', entry.before], ['After', entry.after]] as const).map(([title, value]) => (
          <div key={title} className="min-w-0">
            <h2 className="mb-1 text-row font-medium">{title}</h2>
            {value === null ? <p className="text-row text-muted-foreground">Nothing is recorded.</p> : <JsonView value={value} label={title} />}
          </div>
        ))}
      </div>
    )}
    <div className="flex flex-wrap gap-2">
      <Button variant="outline" size="small" onClick={() => onSearch({ ...clearedAuditFilters, object: entry.object_id })}>Everything about this object</Button>
      {entry.actor.user_id !== null && <Button variant="outline" size="small" onClick={() => onSearch({ ...clearedAuditFilters, actor: entry.actor.user_id ?? undefined })}>Everything by this person</Button>}
    </div>
  </div>
);

/** One entry of the log; opens to what was before and after. */
export const AuditRow = ({ entry, isOpen, onToggle, onSearch }: { entry: AuditEntry; isOpen: boolean; onToggle: () => void; onSearch: OnGovernanceSearch }) => {
  const id = useId();
  const path = pathOfObject(entry);
  const object = <>{humanize(entry.object_type)} <code>{shortId(entry.object_id)}</code></>;
  return (
    <li>
      <div className={cn(auditRowClass, 'relative text-row transition-colors duration-120 hover:bg-muted')}>
        <ChevronRight aria-hidden className={cn('size-4 text-muted-foreground max-sm:order-first', isOpen && 'rotate-90')} />
        <RelativeTime at={entry.at} className="text-muted-foreground max-sm:order-last max-sm:col-start-2" />
        <span className="min-w-0 truncate max-sm:col-start-2"><UntrustedText text={entry.actor.name} /></span>
        <button type="button" aria-expanded={isOpen} aria-controls={isOpen ? id : undefined} onClick={onToggle} className="min-h-6 min-w-0 text-left font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-ring max-sm:order-first max-sm:col-start-2 max-sm:min-h-11">
          {actionWords(entry.action)}
          <span className="sr-only">, show before and after</span>
        </button>
        <span className="min-w-0 truncate max-sm:col-start-2">
          {path === undefined ? object : <Link to={path} className="relative z-10 text-primary underline underline-offset-4 hover:no-underline">{object}</Link>}
        </span>
        <span className="min-w-0 truncate text-muted-foreground max-lg:hidden"><UntrustedText text={entry.source ?? ''} /></span>
      </div>
      {isOpen && <div id={id}><Details entry={entry} onSearch={onSearch} /></div>}
    </li>
  );
};
