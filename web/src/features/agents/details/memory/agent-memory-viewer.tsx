import type { Agent } from '@contracts/agents.ts';
import { type Memory, memoryKindSchema } from '@contracts/memory.ts';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { Database, Search, SearchX } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { toast } from 'sonner';
import { ConfirmDialog } from '@/components/confirm-dialog.tsx';
import { DataBlock } from '@/components/data-block.tsx';
import { MoreRows } from '@/components/data-table/more-rows.tsx';
import { EmptyState } from '@/components/empty-state.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Input } from '@/components/ui/input.tsx';
import { Select } from '@/components/ui/select.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { api } from '@/lib/api-client.ts';
import { hasCode } from '@/lib/api-error.ts';
import { apiPages, refresh } from '@/lib/api-query.ts';
import { useCan } from '@/lib/auth.tsx';
import { humanize, shortId } from '@/lib/format.ts';
import type { AgentSearch, OnAgentSearch } from '../search.ts';
import { MemoryItem } from './memory-item.tsx';
import { memorySearchQuery } from './search-memory.ts';
import { VectorStoreNotice } from './vector-store-notice.tsx';

const skeleton = <div className="flex flex-col gap-2">{Array.from({ length: 4 }, (_, index) => <Skeleton key={index} className="h-24" />)}</div>;
const noFilter = { query: undefined, kind: undefined, source: undefined, memory: undefined } satisfies AgentSearch;

/** What an agent remembers: the list, a search by meaning, and forgetting. */
export const AgentMemoryViewer = ({ agent, search, onSearch }: { agent: Agent; search: AgentSearch; onSearch: OnAgentSearch }) => {
  const { query: text, kind, source } = search;
  const isSearch = text !== undefined;
  const filter = { ...(kind === undefined ? {} : { kind }), ...(source === undefined ? {} : { run_id: source }) };
  const list = useInfiniteQuery({ ...apiPages('listMemory', { params: { id: agent.id }, query: filter }), enabled: !isSearch });
  const found = useQuery({ ...memorySearchQuery({ agentId: agent.id, text: text ?? '', kind, runId: source }), enabled: isSearch });
  const canDelete = useCan('memory:delete');
  const queryClient = useQueryClient();
  const [deleting, setDeleting] = useState<Memory>();
  const [typed, setTyped] = useState(text ?? '');
  const [lastText, setLastText] = useState(text);
  // Follows the address: Back and Clear change the words from outside.
  if (text !== lastText) {
    setLastText(text);
    setTyped(text ?? '');
  }

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onSearch({ query: typed.trim() === '' ? undefined : typed.trim(), memory: undefined });
  };
  const remove = async (memory: Memory): Promise<void> => {
    try {
      await api.call('deleteMemory', { params: { id: agent.id, memory_id: memory.id } });
    } catch (error) {
      // Somebody else was faster: it is gone, which was wanted.
      if (!hasCode(error, 'MEMORY_NOT_FOUND')) throw error;
    }
    await refresh(queryClient, 'listMemory');
    toast.success('Memory deleted');
  };
  const isFiltered = isSearch || kind !== undefined || source !== undefined;
  const items = (memories: Memory[]) => (
    <ul aria-label={isSearch ? 'Memories found, best first' : 'Memories, newest first'} className="rounded-card border bg-card">
      {memories.map((memory) => (
        <MemoryItem
          key={memory.id}
          memory={memory}
          isOpen={search.memory === memory.id}
          onToggle={() => onSearch({ memory: search.memory === memory.id ? undefined : memory.id }, { replace: true })}
          onSource={source === undefined ? (runId) => onSearch({ source: runId }) : undefined}
          onDelete={canDelete ? () => setDeleting(memory) : undefined}
        />
      ))}
    </ul>
  );
  const filters = [text === undefined ? null : `“${text}”`, kind ?? null, source === undefined ? null : `run ${shortId(source)}`].filter((part) => part !== null).join(', ');
  const states = {
    what: 'Memories', skeleton, isFiltered,
    empty: <EmptyState icon={Database} title="Nothing remembered yet: memories appear after a run." />,
    emptyFiltered: <EmptyState icon={SearchX} title={<>No memory fits <UntrustedText text={filters} />.</>} action={<Button variant="outline" onClick={() => onSearch(noFilter)}>Clear</Button>} />,
  };
  return (
    <div className="flex flex-col gap-3">
      <form role="search" aria-label="Search memories" onSubmit={submit} className="grid grid-cols-[1fr_auto] gap-2 sm:flex sm:flex-wrap">
        <span className="relative sm:w-96">
          <Search aria-hidden className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-muted-foreground" />
          <Input data-filter type="search" aria-label="Search by meaning and words" placeholder="Search by meaning and words" value={typed} maxLength={2000} onChange={(event) => setTyped(event.target.value)} className="pl-9" />
        </span>
        <Button type="submit" variant="outline">Search</Button>
        <Select aria-label="Kind" value={kind ?? ''} onChange={(event) => onSearch({ kind: event.target.value === '' ? undefined : (event.target.value as NonNullable<AgentSearch['kind']>) })} className="sm:w-36">
          <option value="">All kinds</option>
          {memoryKindSchema.options.map((one) => <option key={one} value={one}>{humanize(one)}</option>)}
        </Select>
        {isFiltered && <Button variant="ghost" onClick={() => onSearch(noFilter)}>Clear</Button>}
      </form>
      {source !== undefined && <p className="text-row text-muted-foreground">Only from run <code>{shortId(source)}</code>. <Button variant="link" size="inline" className="text-row" onClick={() => onSearch({ source: undefined })}>From all runs</Button></p>}
      <VectorStoreNotice isWordsOnly={isSearch && found.data?.isWordsOnly === true} />
      {isSearch ? (
        <DataBlock query={found} isEmpty={(page) => page.items.length === 0} {...states}>
          {(page) => items(page.items)}
        </DataBlock>
      ) : (
        <DataBlock query={list} isEmpty={({ pages }) => pages[0]?.items.length === 0} {...states}>
          {({ pages }) => {
            const memories = pages.flatMap((page) => page.items);
            return (
              <>
                {items(memories)}
                <MoreRows shown={memories.length} noun="memory" plural="memories" hasMore={list.hasNextPage} isLoading={list.isFetchingNextPage} onMore={() => void list.fetchNextPage()} />
              </>
            );
          }}
        </DataBlock>
      )}
      <ConfirmDialog isOpen={deleting !== undefined} onOpenChange={(isOpen) => !isOpen && setDeleting(undefined)} title="Delete this memory?" confirmLabel="Delete memory" onConfirm={() => remove(deleting as Memory)}>
        <p className="line-clamp-4 border-l-2 pl-3 text-foreground"><UntrustedText text={deleting?.text ?? ''} /></p>
        <p className="mt-2">{agent.name} will no longer recall it. The run it came from keeps its trace.</p>
      </ConfirmDialog>
    </div>
  );
};
