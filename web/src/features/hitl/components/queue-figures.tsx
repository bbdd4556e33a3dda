import { useQuery } from '@tanstack/react-query';
import { useNow } from '@/hooks/use-now.ts';
import { apiQuery } from '@/lib/api-query.ts';
import { formatDuration, formatInteger, formatRelativeTime } from '@/lib/format.ts';

/** How much waits and how fast it is decided, in a line. */
export const QueueFigures = () => {
  const now = useNow(10_000);
  const { data } = useQuery(apiQuery('countApprovals'));
  if (data === undefined) return null;
  const { pending, mine, oldest_requested_at: oldest, decided_24h: decided, expired_24h: expired, median_time_to_decide_ms: median } = data;
  const figures = [
    { name: 'Pending', value: formatInteger(pending) },
    { name: 'Concern you', value: formatInteger(mine) },
    ...(oldest === null ? [] : [{ name: 'Oldest', value: formatRelativeTime(oldest, Math.max(now, Date.parse(oldest))) }]),
    { name: 'Decided in 24 h', value: formatInteger(decided) },
    ...(median === null ? [] : [{ name: 'Median time to decide', value: formatDuration(median) }]),
    ...(expired === 0 ? [] : [{ name: 'Expired in 24 h', value: formatInteger(expired) }]),
  ];
  return (
    <dl className="mb-3 flex flex-wrap gap-x-5 gap-y-1 text-row">
      {figures.map(({ name, value }) => (
        <div key={name} className="flex items-baseline gap-1.5">
          <dt className="text-caption text-muted-foreground">{name}</dt>
          <dd className="tabular font-semibold">{value}</dd>
        </div>
      ))}
    </dl>
  );
};
