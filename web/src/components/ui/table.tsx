import type { ComponentProps } from 'react';
import { cn } from '@/lib/cn.ts';

/** A table that scrolls sideways in itself when it must. */
export const Table = ({ className, ...props }: ComponentProps<'table'>) => (
  <div className="relative w-full overflow-x-auto">
    <table className={cn('w-full border-collapse text-row', className)} {...props} />
  </div>
);

export const TableHeader = (props: ComponentProps<'thead'>) => <thead {...props} />;
export const TableBody = (props: ComponentProps<'tbody'>) => <tbody {...props} />;

export const TableRow = ({ className, ...props }: ComponentProps<'tr'>) => (
  <tr className={cn('border-b last:border-b-0', className)} {...props} />
);

export const TableHead = ({ className, ...props }: ComponentProps<'th'>) => (
  <th scope="col" className={cn('h-9 px-3 text-left text-caption font-medium whitespace-nowrap text-muted-foreground', className)} {...props} />
);

export const TableCell = ({ className, ...props }: ComponentProps<'td'>) => (
  <td className={cn('h-(--row-height,40px) px-3 py-1 align-middle', className)} {...props} />
);
