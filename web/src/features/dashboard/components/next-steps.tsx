import type { Agent } from '@contracts/agents.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Circle, CircleCheck, X } from 'lucide-react';
import { Button } from '@/components/ui/button.tsx';
import { Card, CardContent, CardHeader, CardTitle } from '@/components/ui/card.tsx';
import { apiQuery } from '@/lib/api-query.ts';
import { useCan } from '@/lib/auth.tsx';
import { cn } from '@/lib/cn.ts';
import { setPreferences, usePreferences } from '@/lib/preferences.ts';
import { checklistOf } from '../checklist.ts';

/** After the demo: what makes this system one's own. Leaves when it is done or dismissed. */
export const NextSteps = ({ agents }: { agents: Agent[] }) => {
  const canReadUsers = useCan('users:read');
  const { hasSeenPolicies } = usePreferences();
  const models = useQuery(apiQuery('listModels'));
  const users = useQuery({ ...apiQuery('listUsers', { query: { limit: 200 } }), enabled: canReadUsers });
  if (models.data === undefined || (canReadUsers && users.data === undefined)) return null;
  const items = checklistOf({ agents, models: models.data.items, users: canReadUsers ? users.data?.items : undefined, hasSeenPolicies });
  if (items.every((item) => item.isDone)) return null;
  return (
    <Card aria-labelledby="next-steps">
      <CardHeader>
        <CardTitle id="next-steps">Next steps</CardTitle>
        <Button variant="ghost" size="icon-small" aria-label="Dismiss next steps" onClick={() => setPreferences({ isChecklistDismissed: true })}><X aria-hidden /></Button>
      </CardHeader>
      <CardContent className="pt-0">
        <ul className="flex flex-wrap gap-x-6 gap-y-1">
          {items.map(({ label, link, isDone }) => {
            const Icon = isDone ? CircleCheck : Circle;
            return (
              <li key={label} className="inline-flex min-h-8 items-center gap-2 text-body max-sm:min-h-11 max-sm:w-full">
                <Icon aria-hidden className={cn('size-4 shrink-0', isDone ? 'text-completed-text' : 'text-muted-foreground')} />
                {isDone ? <span className="text-muted-foreground line-through">{label}<span className="sr-only">, done</span></span> : <Link {...link} onClick={link.to === '/governance' ? () => setPreferences({ hasSeenPolicies: true }) : undefined} className="text-primary underline underline-offset-4">{label}</Link>}
              </li>
            );
          })}
        </ul>
      </CardContent>
    </Card>
  );
};
