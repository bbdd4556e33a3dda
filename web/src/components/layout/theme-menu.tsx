import { Monitor, Moon, Sun } from 'lucide-react';
import { type ComponentProps, lazy, useMemo } from 'react';
import { usePreferences } from '@/lib/preferences.ts';
import { Button } from '../ui/button.tsx';
import { LazyMenu } from './lazy-menu.tsx';

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

const load = () => import('./theme-menu-choices.tsx');
const Choices = lazy(() => load().then((module) => ({ default: module.ThemeMenuChoices })));

/** Choice of theme: as the system, light, dark. */
export const ThemeMenu = ({ isIconOnly = false }: { isIconOnly?: boolean }) => {
  const Menu = useMemo(() => () => <Choices isIconOnly={isIconOnly} />, [isIconOnly]);
  return <LazyMenu button={(props) => <ThemeButton isIconOnly={isIconOnly} {...props} />} load={load} Menu={Menu} />;
};
