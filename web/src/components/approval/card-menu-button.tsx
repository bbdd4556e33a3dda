import { Ellipsis } from 'lucide-react';
import type { ComponentProps } from 'react';
import { Button } from '../ui/button.tsx';

/** The button of the card's menu. */
export const CardMenuButton = (props: ComponentProps<'button'>) => (
  <Button variant="ghost" size="icon-small" aria-label="More about this request" {...props}><Ellipsis aria-hidden /></Button>
);
