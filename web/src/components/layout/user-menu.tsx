import { lazy, useMemo } from 'react';
import { LazyMenu } from './lazy-menu.tsx';
import { UserButton } from './user-button.tsx';

const load = () => import('./user-menu-items.tsx');
const Items = lazy(() => load().then((module) => ({ default: module.UserMenuItems })));

/** Who is signed in and as what, settings, sign out. */
export const UserMenu = ({ isIconOnly = false }: { isIconOnly?: boolean }) => {
  const Menu = useMemo(() => () => <Items isIconOnly={isIconOnly} />, [isIconOnly]);
  return <LazyMenu button={(props) => <UserButton isIconOnly={isIconOnly} {...props} />} load={load} Menu={Menu} />;
};
