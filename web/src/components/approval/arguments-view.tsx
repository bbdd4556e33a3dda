import type { ApprovalRequest } from '@contracts/approvals.ts';
import { shortId } from '@/lib/format.ts';
import { CopyButton } from '../copy-button.tsx';
import { JsonView } from '../json-view.tsx';
import { Tabs, TabsContent, TabsList, TabsTrigger } from '../ui/tabs.tsx';
import { UntrustedText } from '../untrusted-text.tsx';
import { type ArgumentItem, toArgumentItems } from './argument-items.ts';
import { LongText } from './long-text.tsx';
import { RawJson } from './raw-json.tsx';

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const ItemValue = ({ item }: { item: ArgumentItem }) => {
  switch (item.kind) {
    case 'line': return <UntrustedText text={textOf(item.value)} className={item.value === '' ? 'text-muted-foreground' : ''} />;
    case 'prose': return <LongText text={item.value as string} label={item.label} />;
    case 'code': return <LongText isCode text={item.value as string} label={item.label} />;
    case 'json': return <JsonView value={item.value} label={item.label} />;
    case 'list': {
      const values = Array.isArray(item.value) ? item.value : [item.value];
      return (
        <ul className="flex flex-wrap gap-1.5">
          {values.map((value, index) => <li key={index} className="max-w-full rounded-control border bg-muted px-2 py-0.5"><UntrustedText text={textOf(value)} /></li>)}
        </ul>
      );
    }
  }
};

/** The arguments as a person reads them: every one exactly once, in the order that suits the tool. */
export const ReadableArguments = ({ request }: { request: Pick<ApprovalRequest, 'tool_name' | 'arguments'> }) => {
  const items = toArgumentItems(request.tool_name, request.arguments);
  if (items.length === 0) return <p className="text-row text-muted-foreground">The call has no arguments.</p>;
  return (
    <dl className="flex flex-col gap-2.5 text-row">
      {items.map((item) => {
        const isWide = item.kind !== 'line' && item.kind !== 'list';
        return (
          <div key={item.key} className={isWide ? 'flex min-w-0 flex-col gap-1' : 'grid min-w-0 gap-x-3 gap-y-0.5 sm:grid-cols-[6.5rem_minmax(0,1fr)] sm:items-baseline'}>
            <dt className="text-caption font-medium text-muted-foreground">{item.label}</dt>
            <dd className="min-w-0"><ItemValue item={item} /></dd>
          </div>
        );
      })}
    </dl>
  );
};

/** What exactly runs: readable by tool, and raw. Raw is the truth, and what the decision is bound to by its hash. */
export const ArgumentsView = ({ request }: { request: Pick<ApprovalRequest, 'tool_name' | 'arguments' | 'arguments_hash' | 'version'> }) => (
  <Tabs defaultValue="readable" className="gap-3">
    <TabsList aria-label="How the arguments are shown">
      <TabsTrigger value="readable">Readable</TabsTrigger>
      <TabsTrigger value="raw">Raw JSON</TabsTrigger>
    </TabsList>
    <TabsContent value="readable"><ReadableArguments request={request} /></TabsContent>
    <TabsContent value="raw"><RawJson value={request.arguments} label="arguments as JSON" /></TabsContent>
    <p className="flex flex-wrap items-center gap-x-1 text-caption text-muted-foreground">
      Your decision is bound to version {request.version} with hash <code title={request.arguments_hash}>{shortId(request.arguments_hash)}</code>
      <CopyButton text={request.arguments_hash} label="Copy hash of the arguments" />
    </p>
  </Tabs>
);
