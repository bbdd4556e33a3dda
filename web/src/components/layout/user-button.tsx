import type { ComponentProps } from 'react';
import { useUser } from '@/lib/auth.tsx';
import { humanize } from '@/lib/format.ts';
import { Button } from '../ui/button.tsx';

const initials = (name: string): string =>
  name.split(/\s+/).filter(Boolean).slice(0, 2).map((word) => [...word][0]?.toUpperCase() ?? '').join('') || '?';

/** The button of the user menu: who is signed in and as what. */
export const UserButton = ({ isIconOnly, ...props }: { isIconOnly: boolean } & ComponentProps<'button'>) => {
  const user = useUser();
  return (
    <Button variant="ghost" className={isIconOnly ? 'size-9 p-0 max-sm:size-11' : 'h-12 justify-start px-2 text-left font-normal'} aria-label={`User menu: ${user.name}, ${user.role}`} {...props}>
      <span aria-hidden className="flex size-7 shrink-0 items-center justify-center rounded-full bg-primary text-caption font-semibold text-primary-foreground">{initials(user.name)}</span>
      {!isIconOnly && (
        <span className="flex min-w-0 flex-col">
          <span className="truncate text-row font-medium">{user.name}</span>
          <span className="truncate text-caption text-muted-foreground">{humanize(user.role)}</span>
        </span>
      )}
    </Button>
  );
};
