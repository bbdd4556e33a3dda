import type { NoticePreferences } from '@contracts/notices.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { DataBlock } from '@/components/data-block.tsx';
import { Card, CardContent, CardHeader, CardTitle } from '@/components/ui/card.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { useDesktopNotices } from '@/hooks/use-desktop-notices.ts';
import { api } from '@/lib/api-client.ts';
import { sentenceOf } from '@/lib/api-error.ts';
import { apiQuery, refresh } from '@/lib/api-query.ts';
import { Choice } from './choice.tsx';
import { QuietHours } from './quiet-hours.tsx';
import { SwitchRow } from './switch-row.tsx';

const scopes = [{ value: 'off', label: 'Off' }, { value: 'mine', label: 'Those that concern me' }, { value: 'all', label: 'All' }] as const;

/** Notices outside the page: of this browser alone. */
const DesktopSwitch = () => {
  const notices = useDesktopNotices();
  if (notices === undefined) return null;
  return <SwitchRow label="Notices of the browser" about="The same as in the app, while you look at something else. Kept in this browser." isOn={notices.isOn} onChange={notices.change} />;
};

/** Of which approvals one hears, and how. Applied at once and kept with the account. */
export const NoticesCard = () => {
  const queryClient = useQueryClient();
  const options = apiQuery('getNoticePreferences');
  const query = useQuery(options);
  const { mutate } = useMutation({
    mutationFn: (body: NoticePreferences) => api.call('setNoticePreferences', { body }),
    onMutate: async (body) => {
      await queryClient.cancelQueries({ queryKey: options.queryKey });
      queryClient.setQueryData(options.queryKey, body);
    },
    onError: (error) => toast.error('The choice was not saved', { description: sentenceOf(error), duration: Number.POSITIVE_INFINITY }),
    onSettled: () => refresh(queryClient, 'getNoticePreferences'),
  });
  return (
    <Card aria-labelledby="notices">
      <CardHeader><CardTitle id="notices">Notices of approvals</CardTitle></CardHeader>
      <CardContent className="flex flex-col gap-5">
        <DataBlock query={query} what="Your choices" skeleton={<Skeleton className="h-48" />}>
          {(chosen) => (
            <>
              <Choice legend="By e-mail" name="email" value={chosen.email} options={scopes} onChange={(email) => mutate({ ...chosen, email })} />
              <Choice legend="In the app" name="in_app" value={chosen.in_app} options={scopes} onChange={(inApp) => mutate({ ...chosen, in_app: inApp })} />
              <QuietHours value={chosen.quiet_hours} onChange={(quietHours) => mutate({ ...chosen, quiet_hours: quietHours })} />
            </>
          )}
        </DataBlock>
        <DesktopSwitch />
        <p className="text-caption text-muted-foreground">A request concerns you when its policy asks for you, your group or your role, when somebody away has left it to you, or when it names nobody and you may decide it; in the app also when you started its run. A notice only leads to the request; it never decides.</p>
      </CardContent>
    </Card>
  );
};
