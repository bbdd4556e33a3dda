import { lazy, Suspense } from 'react';
import { PageHeader } from '@/components/layout/page-header.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { useCan } from '@/lib/auth.tsx';
import { AppearanceCard } from './components/appearance-card.tsx';
import { NoticesCard } from './components/notices-card.tsx';
import { PasswordCard } from './components/password-card.tsx';
import { ProfileCard } from './components/profile-card.tsx';
import { UsersCard } from './components/users-card.tsx';

// Below the fold, and of no use to most.
const DelegationsCard = lazy(() => import('./delegations/delegations-card.tsx').then((module) => ({ default: module.DelegationsCard })));
const GroupsCard = lazy(() => import('./groups/groups-card.tsx').then((module) => ({ default: module.GroupsCard })));

/** One's own account and looks; the groups of approvers; for admins the people. */
export const SettingsPage = () => {
  const canReadUsers = useCan('users:read');
  const canDecide = useCan('approvals:decide');
  const canReadPolicies = useCan('policies:read');
  return (
    <>
      <PageHeader title="Settings" />
      <div className="flex flex-col gap-6">
        <div className="grid items-start gap-4 lg:grid-cols-2">
          <div className="flex min-w-0 flex-col gap-4">
            <ProfileCard />
            <PasswordCard />
          </div>
          <div className="flex min-w-0 flex-col gap-4">
            <AppearanceCard />
            {canDecide && <NoticesCard />}
          </div>
        </div>
        {canDecide && <Suspense fallback={<Skeleton className="h-32" />}><DelegationsCard /></Suspense>}
        {canReadUsers && <UsersCard />}
        {canReadPolicies && <Suspense fallback={<Skeleton className="h-32" />}><GroupsCard /></Suspense>}
      </div>
    </>
  );
};
