import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { DataBlock } from '@/components/data-block.tsx';
import { Card } from '@/components/ui/card.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { apiQuery } from '@/lib/api-query.ts';
import { DesktopNoticesButton } from './desktop-notices-button.tsx';

const scopes = { off: 'of nothing', mine: 'of what concerns you', all: 'of everything' } as const;
const two = (hour: number): string => `${String(hour).padStart(2, '0')}:00`;

/** How the reader hears of approvals, and where to change it. A notice never decides; it opens the page. */
export const Notifications = () => {
  const query = useQuery(apiQuery('getNoticePreferences'));
  return (
    <DataBlock query={query} what="Your notices" skeleton={<Skeleton className="h-40 max-w-2xl" />}>
      {({ in_app: inApp, email, quiet_hours: quiet }) => (
        <Card className="max-w-2xl gap-4 p-4">
          <dl className="grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-4 gap-y-2 text-body">
            <dt className="text-muted-foreground">In the app</dt><dd>{scopes[inApp]}</dd>
            <dt className="text-muted-foreground">By e-mail</dt><dd>{scopes[email]}</dd>
            <dt className="text-muted-foreground">Quiet hours</dt><dd>{quiet === null ? 'none' : `${two(quiet.from)} to ${two(quiet.to)} UTC, never for HIGH and CRITICAL`}</dd>
            <dt className="text-muted-foreground">On the desktop</dt><dd><DesktopNoticesButton /></dd>
          </dl>
          <p className="text-row text-muted-foreground">
            Notices carry no arguments, and opening one decides nothing. <Link to="/settings" hash="notices" className="text-primary underline underline-offset-4 hover:no-underline">Change them in the settings</Link>.
          </p>
        </Card>
      )}
    </DataBlock>
  );
};
