import type { OutboxEmail } from '@contracts/system.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { ArrowLeft, Inbox, Mail, Paperclip } from 'lucide-react';
import { useState } from 'react';
import { DataBlock } from '@/components/data-block.tsx';
import { MoreRows } from '@/components/data-table/more-rows.tsx';
import { EmptyState } from '@/components/empty-state.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Card } from '@/components/ui/card.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { useMediaQuery } from '@/hooks/use-media-query.ts';
import { apiPages } from '@/lib/api-query.ts';
import { cn } from '@/lib/cn.ts';
import { formatAbsoluteTime } from '@/lib/format.ts';
import type { IntegrationsSearch, OnIntegrationsSearch } from '../search.ts';
import { Message, Subject } from './message.tsx';

const Row = ({ mail, isOpen, onOpen }: { mail: OutboxEmail; isOpen: boolean; onOpen: () => void }) => (
  <li>
    <button
      type="button"
      onClick={onOpen}
      aria-current={isOpen ? 'true' : undefined}
      className={cn('flex w-full min-w-0 flex-col gap-0.5 border-l-2 px-3 py-2.5 text-left -outline-offset-2 transition-colors duration-120 hover:bg-muted focus-visible:-outline-offset-2', isOpen ? 'border-l-primary bg-primary/12' : 'border-l-transparent')}
    >
      <span className="truncate text-row font-medium"><Subject mail={mail} /></span>
      <span className="truncate text-caption text-muted-foreground">to <UntrustedText text={mail.to.join(', ')} /></span>
      <span className="flex items-center gap-2 text-caption text-muted-foreground">
        {formatAbsoluteTime(mail.received_at)}
        {mail.attachments.length > 0 && <span className="inline-flex items-center gap-0.5"><Paperclip aria-hidden className="size-3" />{mail.attachments.length}<span className="sr-only"> {mail.attachments.length === 1 ? 'attachment' : 'attachments'}</span></span>}
      </span>
    </button>
  </li>
);

/** The e-mails the built-in outbox has taken in place of a mail server. */
export const Outbox = ({ search, onSearch }: { search: IntegrationsSearch; onSearch: OnIntegrationsSearch }) => {
  const isWide = useMediaQuery('(min-width: 1024px)');
  const query = useInfiniteQuery(apiPages('listOutbox', { query: {} }));
  const mails = query.data?.pages.flatMap(({ items }) => items) ?? [];
  const chosen = mails.find(({ id }) => id === search.mail);
  // The one that was newest when the page opened: what somebody reads does not change when another arrives.
  const [firstId, setFirstId] = useState<string>();
  if (firstId === undefined && mails[0] !== undefined) setFirstId(mails[0].id);
  const open = chosen ?? (isWide && search.mail === undefined ? mails.find(({ id }) => id === firstId) ?? mails[0] : undefined);
  return (
    <DataBlock
      query={query}
      what="E-mails"
      skeleton={<div className="flex max-w-[360px] flex-col gap-px">{[1, 2, 3].map((row) => <Skeleton key={row} className="h-20" />)}</div>}
      isEmpty={() => mails.length === 0}
      empty={<Card><EmptyState icon={Inbox} title="No e-mail has been delivered here yet.">The built-in outbox keeps what agents send, so that it can be read and nobody outside receives it.</EmptyState></Card>}
    >
      {() => {
        const list = (
          <div className="min-w-0">
            <Card className="overflow-hidden">
              <ul aria-label="Delivered e-mails, newest first" className="divide-y">
                {mails.map((mail) => <Row key={mail.id} mail={mail} isOpen={mail.id === open?.id} onOpen={() => onSearch({ mail: mail.id })} />)}
              </ul>
            </Card>
            <MoreRows shown={mails.length} noun="e-mail" hasMore={query.hasNextPage} isLoading={query.isFetchingNextPage} onMore={() => void query.fetchNextPage()} />
          </div>
        );
        const message = open === undefined ? (
          search.mail !== undefined && (
            <Card><EmptyState icon={Mail} title="This e-mail is not among those shown." action={<Button variant="outline" onClick={() => onSearch({ mail: undefined })}>Show the newest</Button>}>It may be further down the list, or it was removed.</EmptyState></Card>
          )
        ) : (
          <Message key={open.id} mail={open} hasFocus={chosen !== undefined} />
        );
        if (isWide) return <div className="grid grid-cols-[360px_minmax(0,1fr)] items-start gap-6">{list}{message}</div>;
        if (search.mail === undefined) return list;
        return (
          <div className="flex flex-col gap-3">
            <div><Button variant="outline" size="small" onClick={() => onSearch({ mail: undefined })}><ArrowLeft aria-hidden />All e-mails</Button></div>
            {message}
          </div>
        );
      }}
    </DataBlock>
  );
};
