import { setPreferences, type Theme, themes, usePreferences } from '@/lib/preferences.ts';
import { DropdownMenu, DropdownMenuContent, DropdownMenuRadioGroup, DropdownMenuRadioItem, DropdownMenuTrigger } from '../ui/dropdown-menu.tsx';
import { useOpenOnArrival } from './lazy-menu.tsx';
import { ThemeButton, themeLooks } from './theme-button.tsx';

/** The theme menu itself, opened as it arrives. */
export const ThemeMenuChoices = ({ isIconOnly }: { isIconOnly: boolean }) => {
  const { theme } = usePreferences();
  const menu = useOpenOnArrival();
  return (
    <DropdownMenu {...menu}>
      <DropdownMenuTrigger asChild><ThemeButton isIconOnly={isIconOnly} /></DropdownMenuTrigger>
      <DropdownMenuContent side="right" align="end">
        <DropdownMenuRadioGroup value={theme} onValueChange={(value) => setPreferences({ theme: value as Theme })}>
          {themes.map((one) => {
            const { icon: Icon, word } = themeLooks[one];
            return <DropdownMenuRadioItem key={one} value={one}><Icon aria-hidden />{word}</DropdownMenuRadioItem>;
          })}
        </DropdownMenuRadioGroup>
      </DropdownMenuContent>
    </DropdownMenu>
  );
};
