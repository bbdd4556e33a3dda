import type { Integration } from '@contracts/system.ts';
import { Box, CircleCheck, CircleDashed, CircleHelp, CircleX, type LucideIcon, TriangleAlert } from 'lucide-react';
import { RelativeTime } from '@/components/figures.tsx';
import { pillClass } from '@/components/state-pill.tsx';
import { Card } from '@/components/ui/card.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { cn } from '@/lib/cn.ts';
import { countOf, formatDuration } from '@/lib/format.ts';

/** How the states of a connection look and what they are called. */
export const integrationLooks: Record<Integration['state'], { word: string; icon: LucideIcon; tint: string }> = {
  healthy: { word: 'Healthy', icon: CircleCheck, tint: 'bg-completed-tint text-completed-text' },
  built_in: { word: 'Built in', icon: Box, tint: 'bg-completed-tint text-completed-text' },
  degraded: { word: 'Degraded', icon: TriangleAlert, tint: 'bg-waiting-tint text-waiting-text' },
  failing: { word: 'Failing', icon: CircleX, tint: 'bg-failed-tint text-failed-text' },
  untested: { word: 'Untested', icon: CircleHelp, tint: 'bg-queued-tint text-queued-text' },
  not_configured: { word: 'Not configured', icon: CircleDashed, tint: 'bg-queued-tint text-queued-text' },
};

const usage = ({ used_by_agents: count }: Integration): string => (count === 0 ? 'Used by no agent' : `Used by ${countOf(count, 'agent')}`);

/** One connection: how it is, why, what is missing, who depends on it. */
export const IntegrationCard = ({ integration }: { integration: Integration }) => {
  const { word, icon: Icon, tint } = integrationLooks[integration.state];
  return (
    <Card className="gap-2 p-4">
      <div className="flex flex-wrap items-start justify-between gap-x-3 gap-y-1">
        <h3 className="min-w-0 text-body font-semibold wrap-anywhere">{integration.name}</h3>
        <span data-slot="pill" className={cn(pillClass, tint)}><Icon aria-hidden className="size-3.5" />{word}</span>
      </div>
      {integration.detail !== '' && <p className="text-row"><UntrustedText text={integration.detail} /></p>}
      {integration.missing_settings.length > 0 && (
        <p className="text-row">
          {integration.missing_settings.length === 1 ? 'Missing setting' : 'Missing settings'}: {integration.missing_settings.map((name, index) => <span key={name}>{index > 0 && ', '}<code className="rounded-control bg-muted px-1 py-0.5 wrap-anywhere">{name}</code></span>)}
        </p>
      )}
      <p className="mt-auto flex flex-wrap gap-x-3 pt-1 text-caption text-muted-foreground">
        <span>{usage(integration)}</span>
        {integration.latency_ms !== null && <span className="tabular">{formatDuration(integration.latency_ms)}</span>}
        {integration.checked_at === null ? <span>not checked</span> : <span>checked <RelativeTime at={integration.checked_at} /></span>}
      </p>
    </Card>
  );
};
