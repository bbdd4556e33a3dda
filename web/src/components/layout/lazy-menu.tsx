import { type ComponentProps, type ComponentType, type ReactNode, Suspense, useEffect, useState } from 'react';

/** What the button of a menu gets until the menu itself is there. */
export type MenuButtonProps = Pick<ComponentProps<'button'>, 'aria-haspopup' | 'aria-expanded' | 'onClick' | 'onKeyDown' | 'onPointerEnter' | 'onFocus'>;

/**
 * A menu whose code is fetched when its button is pointed at or focused, and which opens with the first press: menus stand on every
 * page and are opened rarely. `Menu` is the whole menu, opened by {@link useOpenOnArrival}, with a button that looks the same.
 */
export const LazyMenu = ({ button, load, Menu }: { button: (props: MenuButtonProps) => ReactNode; load: () => unknown; Menu: ComponentType }) => {
  const [isWanted, setIsWanted] = useState(false);
  const preload = (): void => void load();
  const placeholder = button({
    'aria-haspopup': 'menu',
    'aria-expanded': false,
    onPointerEnter: preload,
    onFocus: preload,
    onClick: () => setIsWanted(true),
    onKeyDown: (event) => {
      if (event.key !== 'ArrowDown') return;
      event.preventDefault();
      setIsWanted(true);
    },
  });
  return isWanted ? <Suspense fallback={placeholder}><Menu /></Suspense> : placeholder;
};

/** `open` of a menu that arrives because it was asked for. A moment after it is mounted: radix never takes away one that was born open. */
export const useOpenOnArrival = (): { open: boolean; onOpenChange: (isOpen: boolean) => void } => {
  const [isOpen, setIsOpen] = useState(false);
  useEffect(() => setIsOpen(true), []);
  return { open: isOpen, onOpenChange: setIsOpen };
};
