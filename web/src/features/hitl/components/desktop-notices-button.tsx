import { BellOff, BellRing } from 'lucide-react';
import { toast } from 'sonner';
import { Button } from '@/components/ui/button.tsx';
import { canShowDesktopNotices, switchDesktopNotices } from '@/lib/desktop-notices.ts';
import { usePreferences } from '@/lib/preferences.ts';

/** Turns notices outside the page on and off; absent where the browser has none. */
export const DesktopNoticesButton = () => {
  const { hasDesktopNotices: isOn } = usePreferences();
  if (!canShowDesktopNotices()) return null;
  const Icon = isOn ? BellRing : BellOff;
  const change = async (): Promise<void> => {
    const isNowOn = await switchDesktopNotices(!isOn);
    if (!isOn && !isNowOn) toast.error('The browser does not allow notices from this page', { description: 'Allow them in the browser’s settings for this site.', duration: Infinity });
  };
  return <Button variant="ghost" size="small" aria-pressed={isOn} onClick={change}><Icon aria-hidden />Desktop notices</Button>;
};
