import { lazy, useMemo } from 'react';
import { LazyMenu } from './lazy-menu.tsx';
import { ThemeButton } from './theme-button.tsx';

const load = () => import('./theme-menu-choices.tsx');
const Choices = lazy(() => load().then((module) => ({ default: module.ThemeMenuChoices })));

/** Choice of theme: as the system, light, dark. */
export const ThemeMenu = ({ isIconOnly = false }: { isIconOnly?: boolean }) => {
  const Menu = useMemo(() => () => <Choices isIconOnly={isIconOnly} />, [isIconOnly]);
  return <LazyMenu button={(props) => <ThemeButton isIconOnly={isIconOnly} {...props} />} load={load} Menu={Menu} />;
};
