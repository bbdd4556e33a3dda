import { useQuery } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { Link } from '@tanstack/react-router';
import { apiQuery } from '@/lib/api-query.ts';

/** Says when the vector store cannot be asked: the list works all the same, and a search compares words alone. */
export const VectorStoreNotice = ({ isWordsOnly }: { isWordsOnly: boolean }) => {
  const integrations = useQuery({ ...apiQuery('listIntegrations'), staleTime: 60_000, refetchInterval: 60_000 });
  const store = integrations.data?.items.find((one) => one.kind === 'vector_store' && (one.state === 'failing' || one.state === 'degraded'));
  if (store === undefined && !isWordsOnly) return null;
  return (
    <div role="status" className="flex items-start gap-2 rounded-control bg-waiting-tint px-3 py-2 text-row text-waiting-text">
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
      <p>
        {store === undefined ? 'The vector store or the embedding could not be reached' : `${store.name} cannot be reached: ${store.detail.replace(/\.$/, '')}`}. The list is complete; searching by meaning is off, only words are compared.{' '}
        <Link to="/integrations" className="underline underline-offset-4">Integrations</Link>
      </p>
    </div>
  );
};
