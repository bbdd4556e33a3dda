import { cva, type VariantProps } from 'class-variance-authority';
import { LoaderCircle } from 'lucide-react';
import { Slot } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cn } from '@/lib/cn.ts';

export const buttonVariants = cva(
  "inline-flex shrink-0 items-center justify-center gap-2 rounded-control text-body font-medium whitespace-nowrap transition-colors duration-120 select-none disabled:cursor-not-allowed disabled:opacity-60 aria-disabled:cursor-not-allowed aria-disabled:opacity-60 [&_svg]:shrink-0 [&_svg:not([class*='size-'])]:size-4",
  {
    variants: {
      variant: {
        primary: 'bg-primary text-primary-foreground hover:bg-primary/90',
        outline: 'border border-input bg-card text-foreground hover:bg-muted',
        ghost: 'text-foreground hover:bg-muted',
        destructive: 'bg-destructive text-destructive-foreground hover:bg-destructive/90',
        link: 'text-primary underline underline-offset-4 hover:no-underline',
      },
      size: {
        default: 'h-9 px-3 max-sm:h-11',
        small: 'h-8 px-2.5 text-row max-sm:h-11',
        large: 'h-12 px-5',
        icon: 'size-9 max-sm:size-11',
        'icon-small': 'size-7 max-sm:size-11',
        inline: 'h-auto p-0 min-h-6',
      },
    },
    defaultVariants: { variant: 'primary', size: 'default' },
  },
);

/** A button; verbs for labels. `isBusy` shows a turning mark and refuses further presses while the server answers. */
export const Button = ({
  className,
  variant,
  size,
  asChild = false,
  isBusy = false,
  disabled,
  children,
  type,
  ...props
}: ComponentProps<'button'> & VariantProps<typeof buttonVariants> & { asChild?: boolean; isBusy?: boolean }) => {
  if (asChild) return <Slot.Root className={cn(buttonVariants({ variant, size }), className)} {...props}>{children}</Slot.Root>;
  return (
    <button
      type={type ?? 'button'}
      className={cn(buttonVariants({ variant, size }), className)}
      disabled={disabled}
      aria-disabled={isBusy || undefined}
      aria-busy={isBusy || undefined}
      {...props}
      {...(isBusy ? { onClick: (event: { preventDefault: () => void }) => event.preventDefault() } : {})}
    >
      {isBusy && <LoaderCircle aria-hidden className="animate-spin" />}
      {children}
    </button>
  );
};
