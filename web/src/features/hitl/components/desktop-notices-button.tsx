import { BellOff, BellRing } from 'lucide-react';
import { Button } from '@/components/ui/button.tsx';
import { useDesktopNotices } from '@/hooks/use-desktop-notices.ts';

/** Turns notices outside the page on and off; absent where the browser has none. */
export const DesktopNoticesButton = () => {
  const notices = useDesktopNotices();
  if (notices === undefined) return null;
  const { isOn, change } = notices;
  const Icon = isOn ? BellRing : BellOff;
  return <Button variant="ghost" size="small" aria-pressed={isOn} onClick={() => change(!isOn)}><Icon aria-hidden />Desktop notices</Button>;
};
