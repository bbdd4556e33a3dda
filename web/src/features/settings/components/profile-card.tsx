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
          <dt className="text-muted-foreground">Name</dt><dd className="wrap-anywhere">{user.name}</dd>
          <dt className="text-muted-foreground">E-mail</dt><dd className="wrap-anywhere">{user.email}</dd>
          <dt className="text-muted-foreground">Role</dt><dd>{humanize(user.role)}<span className="block text-caption text-muted-foreground">{roleMeaning[user.role]}</span></dd>
          <dt className="text-muted-foreground">Member since</dt><dd><RelativeTime at={user.created_at} /></dd>
          <dt className="text-muted-foreground">Time zone</dt><dd>{Intl.DateTimeFormat().resolvedOptions().timeZone}<span className="block text-caption text-muted-foreground">Taken from this browser; times are shown in it.</span></dd>
        </dl>
      </CardContent>
    </Card>
  );
};
