import { toast } from 'sonner';
import { canShowDesktopNotices, switchDesktopNotices } from '@/lib/desktop-notices.ts';
import { usePreferences } from '@/lib/preferences.ts';

/** Whether this browser shows notices outside the page, and how to change that: it says so where the browser refuses. Undefined where it has none. */
export const useDesktopNotices = (): { isOn: boolean; change: (isWished: boolean) => void } | undefined => {
  const { hasDesktopNotices: isOn } = usePreferences();
  if (!canShowDesktopNotices()) return undefined;
  const change = async (isWished: boolean): Promise<void> => {
    const isNowOn = await switchDesktopNotices(isWished);
    if (isWished && !isNowOn) toast.error('The browser does not allow notices from this page', { description: 'Allow them in the browser’s settings for this site.', duration: Infinity });
  };
  return { isOn, change: (isWished) => void change(isWished) };
};
