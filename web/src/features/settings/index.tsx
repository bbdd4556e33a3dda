import { PageHeader } from '@/components/layout/page-header.tsx';
import { useCan } from '@/lib/auth.tsx';
import { AppearanceCard } from './components/appearance-card.tsx';
import { NoticesCard } from './components/notices-card.tsx';
import { PasswordCard } from './components/password-card.tsx';
import { ProfileCard } from './components/profile-card.tsx';
import { UsersCard } from './components/users-card.tsx';

/** One's own account and looks; for admins the people. */
export const SettingsPage = () => {
  const canReadUsers = useCan('users:read');
  const canDecide = useCan('approvals:decide');
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
        {canReadUsers && <UsersCard />}
      </div>
    </>
  );
};
