import { Monitor, Moon, Sun } from 'lucide-react';
import { type Theme, setPreferences, themes, usePreferences } from '@/lib/preferences.ts';
import { Button } from '../ui/button.tsx';
import { DropdownMenu, DropdownMenuContent, DropdownMenuRadioGroup, DropdownMenuRadioItem, DropdownMenuTrigger } from '../ui/dropdown-menu.tsx';

export const themeLooks = {
  system: { word: 'System', icon: Monitor },
  light: { word: 'Light', icon: Sun },
  dark: { word: 'Dark', icon: Moon },
};

/** Choice of theme: as the system, light, dark. */
export const ThemeMenu = ({ isIconOnly = false }: { isIconOnly?: boolean }) => {
  const { theme } = usePreferences();
  const { icon: Icon, word } = themeLooks[theme];
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="ghost" size={isIconOnly ? 'icon' : 'default'} className={isIconOnly ? '' : 'justify-start px-2 font-normal'} aria-label={`Theme: ${word}`} title={isIconOnly ? `Theme: ${word}` : undefined}>
          <Icon aria-hidden />
          {!isIconOnly && 'Theme'}
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent side="right" align="end">
        <DropdownMenuRadioGroup value={theme} onValueChange={(value) => setPreferences({ theme: value as Theme })}>
          {themes.map((one) => {
            const { icon: ThemeIcon, word: label } = themeLooks[one];
            return (
              <DropdownMenuRadioItem key={one} value={one}>
                <ThemeIcon aria-hidden />
                {label}
              </DropdownMenuRadioItem>
            );
          })}
        </DropdownMenuRadioGroup>
      </DropdownMenuContent>
    </DropdownMenu>
  );
};
