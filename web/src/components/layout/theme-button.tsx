import { Monitor, Moon, Sun } from 'lucide-react';
import type { ComponentProps } from 'react';
import { usePreferences } from '@/lib/preferences.ts';
import { Button } from '../ui/button.tsx';

export const themeLooks = {
  system: { word: 'System', icon: Monitor },
  light: { word: 'Light', icon: Sun },
  dark: { word: 'Dark', icon: Moon },
};

/** The button of the theme menu. */
export const ThemeButton = ({ isIconOnly, ...props }: { isIconOnly: boolean } & ComponentProps<'button'>) => {
  const { theme } = usePreferences();
  const { icon: Icon, word } = themeLooks[theme];
  return (
    <Button variant="ghost" size={isIconOnly ? 'icon' : 'default'} className={isIconOnly ? '' : 'justify-start px-2 font-normal'} aria-label={`Theme: ${word}`} title={isIconOnly ? `Theme: ${word}` : undefined} {...props}>
      <Icon aria-hidden />
      {!isIconOnly && 'Theme'}
    </Button>
  );
};
