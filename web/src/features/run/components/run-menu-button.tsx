import { Ellipsis } from 'lucide-react';
import type { ComponentProps } from 'react';
import { Button } from '@/components/ui/button.tsx';

/** The button of the menu with what else can be done with a run. */
export const RunMenuButton = (props: ComponentProps<'button'>) => (
  <Button variant="outline" size="icon" className="size-8" aria-label="More actions" {...props}><Ellipsis aria-hidden /></Button>
);
