import { Link, useLocation } from '@tanstack/react-router';
import { Compass } from 'lucide-react';
import type { ReactNode } from 'react';
import { EmptyState } from './empty-state.tsx';
import { PageHeader } from './layout/page-header.tsx';
import { Button } from './ui/button.tsx';
import { UntrustedText } from './untrusted-text.tsx';

/**
 * For an address that leads nowhere, or an id that does not exist (`what`: "run"). Stands inside the shell. `search`: a way to find
 * what was meant.
 */
export const NotFound = ({ what = 'page', search }: { what?: string; search?: ReactNode }) => {
  const path = useLocation({ select: (location) => location.pathname });
  return (
    <>
      <PageHeader title={`There is no such ${what}`} />
      <EmptyState
        icon={Compass}
        title={<>Nothing is at <code><UntrustedText text={path} /></code>.</>}
        action={
          <div className="flex flex-col items-center gap-4">
            {search}
            <Button variant={search === undefined ? 'primary' : 'outline'} asChild><Link to="/maestro">Go to dashboard</Link></Button>
          </div>
        }
      >
        The address may be mistyped, or what it named was deleted.
      </EmptyState>
    </>
  );
};
