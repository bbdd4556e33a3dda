import { UntrustedText } from '@/components/untrusted-text.tsx';
import { OutsideLink } from './output-parts.tsx';
import type { SearchOutput } from './output-shapes.ts';

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : '');

/** What a search engine found, best first: titles and snippets are the pages' own words. */
export const SearchView = ({ output }: { output: SearchOutput }) =>
  output.results.length === 0 ? (
    <p className="text-row text-muted-foreground">The search found nothing.</p>
  ) : (
    <ol className="flex flex-col gap-4">
      {output.results.map(({ title, url, snippet }, index) => (
        <li key={index} className="flex min-w-0 flex-col gap-0.5">
          <p className="text-row font-medium"><UntrustedText text={title === '' ? 'Without a title' : title} /></p>
          <p className="text-caption">
            {hostOf(url) !== '' && <strong className="mr-2 font-medium"><UntrustedText text={hostOf(url)} /></strong>}
            <OutsideLink url={url} />
          </p>
          {snippet != null && snippet !== '' && <UntrustedText isBlock text={snippet} className="text-row text-muted-foreground" />}
        </li>
      ))}
    </ol>
  );
