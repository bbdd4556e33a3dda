import { Card, CardContent, CardHeader, CardTitle } from '@/components/ui/card.tsx';
import { RelativeTime } from '@/components/figures.tsx';
import { useUser } from '@/lib/auth.tsx';
import { humanize } from '@/lib/format.ts';
import { roleMeaning } from '../roles.ts';

/** Who is signed in and what they may do. */
export const ProfileCard = () => {
  const user = useUser();
  return (
    <Card aria-labelledby="profile">
      <CardHeader><CardTitle id="profile">Profile</CardTitle></CardHeader>
      <CardContent>
        <dl className="grid gap-x-4 gap-y-2 text-body sm:grid-cols-[8rem_1fr]">
          <div className="flex flex-col sm:contents"><dt className="text-muted-foreground max-sm:text-caption">Name</dt><dd className="wrap-anywhere">{user.name}</dd></div>
          <div className="flex flex-col sm:contents"><dt className="text-muted-foreground max-sm:text-caption">E-mail</dt><dd className="wrap-anywhere">{user.email}</dd></div>
          <div className="flex flex-col sm:contents"><dt className="text-muted-foreground max-sm:text-caption">Role</dt><dd>{humanize(user.role)}<span className="block text-caption text-muted-foreground">{roleMeaning[user.role]}</span></dd></div>
          <div className="flex flex-col sm:contents"><dt className="text-muted-foreground max-sm:text-caption">Member since</dt><dd><RelativeTime at={user.created_at} /></dd></div>
          <div className="flex flex-col sm:contents"><dt className="text-muted-foreground max-sm:text-caption">Time zone</dt><dd>{Intl.DateTimeFormat().resolvedOptions().timeZone}<span className="block text-caption text-muted-foreground">Taken from this browser; times are shown in it.</span></dd></div>
        </dl>
      </CardContent>
    </Card>
  );
};
