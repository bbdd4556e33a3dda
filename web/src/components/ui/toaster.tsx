import { Toaster as Sonner } from 'sonner';
import { useMediaQuery } from '@/hooks/use-media-query.ts';

/** Mount of all toasts: bottom right, on phones at the top. Success leaves after 5 s; callers give errors no end. */
export const Toaster = () => {
  const isPhone = useMediaQuery('(max-width: 639.98px)');
  return (
    <Sonner
      position={isPhone ? 'top-center' : 'bottom-right'}
      duration={5000}
      visibleToasts={4}
      closeButton
      // Side by side and not stacked: of a stack only the front one could be pressed.
      expand
      offset={16}
      mobileOffset={{ top: 64, left: 8, right: 8 }}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast: 'flex w-[calc(100vw-16px)] items-start gap-3 rounded-card border bg-popover p-4 pr-10 text-body text-foreground shadow-overlay max-sm:pr-12 sm:w-96',
          title: 'font-medium',
          description: 'text-row text-muted-foreground',
          content: 'min-w-0 flex-1',
          actionButton: 'inline-flex h-8 max-sm:h-11 shrink-0 items-center rounded-control bg-primary px-2.5 text-row font-medium text-primary-foreground',
          closeButton: 'absolute top-2 right-2 left-auto flex size-7 max-sm:top-0.5 max-sm:right-0.5 max-sm:size-11 items-center justify-center rounded-control border-0 bg-transparent text-foreground hover:bg-muted',
          error: 'border-destructive',
        },
      }}
    />
  );
};
