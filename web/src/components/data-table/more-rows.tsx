import { Button } from '../ui/button.tsx';
import { countOf } from '@/lib/format.ts';

/** The end of a list read in pages: how many are shown, and the button for the next page. No silent cap. */
export const MoreRows = ({ shown, noun, plural = `${noun}s`, hasMore, isLoading, onMore }: { shown: number; noun: string; plural?: string; hasMore: boolean; isLoading: boolean; onMore: () => void }) => (
  <div className="mt-3 flex flex-wrap items-center gap-3 text-caption text-muted-foreground">
    <span>{hasMore ? `Showing the first ${countOf(shown, noun, plural)}` : `${countOf(shown, noun, plural)}, all shown`}</span>
    {hasMore && <Button variant="outline" size="small" onClick={onMore} isBusy={isLoading}>Show more</Button>}
  </div>
);
