import type { ToolDescription } from '@contracts/agents.ts';
import type { ApprovalRequest } from '@contracts/approvals.ts';
import type { ToolFacts } from '@contracts/tools.ts';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { apiQuery } from '@/lib/api-query.ts';
import { shortId } from '@/lib/format.ts';
import { CopyButton } from '../../copy-button.tsx';
import { JsonView } from '../../json-view.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Tabs, TabsContent, TabsList, TabsTrigger } from '../../ui/tabs.tsx';
import { UntrustedText } from '../../untrusted-text.tsx';
import { type ArgumentItem, isKnownTool, type ItemKind, toArgumentItems } from './argument-items.ts';
import { AddressValue, HeaderLines, ProgramInputs, SecretsTaken, VerbatimText } from './argument-values.tsx';
import { HtmlValue } from './html-value.tsx';
import { LongText } from './long-text.tsx';
import { RawJson } from './raw-json.tsx';
import { Recipients } from './recipients.tsx';

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Of a request what its arguments are shown with: `facts` are those the policy judged it by. */
type Shown = Pick<ApprovalRequest, 'tool_name' | 'arguments' | 'run_id'> & { facts?: ToolFacts };

// Only e-mails have any.
const AttachedFiles = lazy(() => import('./attached-files.tsx').then((module) => ({ default: module.AttachedFiles })));

const ItemValue = ({ item, facts, runId }: { item: ArgumentItem; facts: ToolFacts; runId: string }) => {
  const { kind, label, value } = item;
  switch (kind) {
    case 'line': return <UntrustedText text={textOf(value)} className={value === '' ? 'text-muted-foreground' : ''} />;
    case 'prose': return <LongText text={value as string} label={label} />;
    case 'code': return <LongText isCode text={value as string} label={label} />;
    case 'json': return <JsonView value={value} label={label} />;
    case 'address': return <AddressValue url={value as string} />;
    case 'headers': return <HeaderLines headers={value as Record<string, string>} />;
    case 'verbatim': return <VerbatimText text={value as string} label={label} />;
    case 'html': return <HtmlValue html={value as string} facts={facts} />;
    case 'files': return <Suspense fallback={<Skeleton className="h-16" />}><AttachedFiles attachments={value as { file: string; name?: string }[]} runId={runId} /></Suspense>;
    case 'inputs': return <ProgramInputs inputs={value as Record<string, Record<string, unknown>>} />;
    case 'recipients': return <Recipients addresses={value as string[]} facts={facts} />;
    case 'list': {
      const values = Array.isArray(value) ? value : [value];
      return (
        <ul className="flex flex-wrap gap-1.5">
          {values.map((one, index) => <li key={index} className="max-w-full rounded-control border bg-muted px-2 py-0.5"><UntrustedText text={textOf(one)} /></li>)}
        </ul>
      );
    }
  }
};

const narrowKinds: readonly ItemKind[] = ['line', 'list', 'address', 'recipients'];

/** Where a tool that is not Maestro's own comes from, and that its descriptions are somebody else's. */
const ForeignTool = ({ tool, facts }: { tool: ToolDescription | undefined; facts: ToolFacts }) => {
  const server = tool?.mcp_server ?? (typeof facts.mcp_server === 'string' ? facts.mcp_server : null);
  if (server === null) return null;
  return (
    <div className="flex flex-col gap-1 border-l-2 border-input pl-3 text-row">
      <p>{typeof facts.mcp_tool === 'string' && <><strong><UntrustedText text={facts.mcp_tool} /></strong> of </>}the MCP server <strong><UntrustedText text={server} /></strong></p>
      {tool !== undefined && <p className="text-caption text-muted-foreground"><UntrustedText text={tool.description} /></p>}
    </div>
  );
};

/** The arguments as a person reads them: every one exactly once, in the order that suits the tool. */
export const ReadableArguments = ({ request }: { request: Shown }) => {
  const { tool_name: toolName, arguments: args, run_id: runId, facts = {} } = request;
  const tools = useQuery({ ...apiQuery('listTools'), staleTime: 300_000, enabled: !isKnownTool(toolName) });
  const tool = tools.data?.items.find(({ name }) => name === toolName);
  const items = toArgumentItems(toolName, args, tool?.parameters);
  const url = toolName === 'http_request' && typeof args.url === 'string' ? args.url : undefined;
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <ForeignTool tool={tool} facts={facts} />
      {url !== undefined && <SecretsTaken url={url} texts={[url, textOf(args.headers ?? ''), textOf(args.body ?? '')]} />}
      {items.length === 0 && <p className="text-row text-muted-foreground">The call has no arguments.</p>}
      <dl className="flex flex-col gap-2.5 text-row">
        {items.map((item) => (
          <div key={item.key} className={narrowKinds.includes(item.kind) ? 'grid min-w-0 gap-x-3 gap-y-0.5 sm:grid-cols-[6.5rem_minmax(0,1fr)] sm:items-baseline' : 'flex min-w-0 flex-col gap-1'}>
            <dt className="min-w-0 text-caption font-medium wrap-anywhere text-muted-foreground"><UntrustedText text={item.label} /></dt>
            <dd className="min-w-0">
              <ItemValue item={item} facts={facts} runId={runId} />
              {item.about !== undefined && <p className="text-caption text-muted-foreground">The server calls it: “<UntrustedText text={item.about.slice(0, 500)} />”</p>}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
};

/** What exactly runs: readable by tool, and raw. Raw is the truth, and what the decision is bound to by its hash. */
export const ArgumentsView = ({ request }: { request: Pick<ApprovalRequest, 'tool_name' | 'arguments' | 'arguments_hash' | 'version' | 'facts' | 'run_id'> }) => (
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
