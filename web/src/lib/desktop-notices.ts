import { setPreferences } from './preferences.ts';

/** Whether this browser can show notices outside the page at all. */
export const canShowDesktopNotices = (): boolean => typeof Notification !== 'undefined';

/** Turns notices outside the page on, asking the browser's leave, or off. Answers whether they are on now. */
export const switchDesktopNotices = async (isOn: boolean): Promise<boolean> => {
  const isGranted = isOn && canShowDesktopNotices() && (await Notification.requestPermission()) === 'granted';
  setPreferences({ hasDesktopNotices: isGranted });
  return isGranted;
};

/**
 * Shows a notice outside the page, if that is wished and allowed and nobody is looking at this tab. Several tabs with the
 * same `tag` show one. Pressing it only brings the page to the front.
 */
export const showDesktopNotice = ({ title, body, tag, isWished, onPress }: { title: string; body: string; tag: string; isWished: boolean; onPress: () => void }): void => {
  if (!isWished || !canShowDesktopNotices() || Notification.permission !== 'granted' || document.visibilityState === 'visible') return;
  const notice = new Notification(title, { body, tag, icon: '/maestro.svg' });
  notice.addEventListener('click', () => {
    globalThis.focus();
    notice.close();
    onPress();
  });
};
