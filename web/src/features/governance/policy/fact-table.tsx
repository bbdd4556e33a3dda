import { useQuery } from '@tanstack/react-query';
import { DataBlock } from '@/components/data-block.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { apiQuery } from '@/lib/api-query.ts';
import { traitsOf } from './fact-words.ts';

/** The facts a text may ask for, by the name it asks for them. */
export const FactTable = () => {
  const query = useQuery({ ...apiQuery('listPolicyFacts'), staleTime: 300_000 });
  return (
    <DataBlock query={query} what="Facts" skeleton={<Skeleton className="h-40" />}>
      {({ items }) => (
        <dl tabIndex={0} role="region" aria-label="Facts" className="max-h-80 overflow-y-auto rounded-control border text-row">
          {items.map((fact) => (
            <div key={fact.name} className="border-b px-3 py-1.5 last:border-b-0">
              <dt className="flex flex-wrap items-baseline gap-x-2"><code className="font-medium wrap-anywhere">{fact.attribute}</code><span className="text-caption text-muted-foreground">{traitsOf(fact)}</span></dt>
              <dd className="text-caption text-muted-foreground">{fact.description}</dd>
            </div>
          ))}
        </dl>
      )}
    </DataBlock>
  );
};
