import { LongText } from '@/components/approval/long-text.tsx';
import { JsonView } from '@/components/json-view.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { OutputPart, OutsideLink, ValueView } from './output-parts.tsx';
import { filesIn, type McpOutput } from './output-shapes.ts';

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const Content = ({ item }: { item: McpOutput['content'][number] }) => {
  const said = text(item['text']);
  const uri = text(item['uri']);
  if (said !== undefined) {
    return (
      <OutputPart title={uri === undefined ? 'Text' : 'Resource'}>
        {uri !== undefined && <p className="text-caption"><UntrustedText text={uri} /></p>}
        <LongText isCode text={said} label="the text" />
      </OutputPart>
    );
  }
  // Files stand below, all of them together.
  if (filesIn(item).length > 0) return null;
  if (uri !== undefined) return <OutputPart title="Link to a resource"><p className="text-row">{text(item['name']) !== undefined && <><UntrustedText text={text(item['name']) ?? ''} />: </>}<OutsideLink url={uri} /></p></OutputPart>;
  return <OutputPart title={item.type}><JsonView value={item} label={item.type} /></OutputPart>;
};

/** What a tool of an MCP server answered: its texts, links and structured content, all of them the server's words. */
export const McpView = ({ output }: { output: McpOutput }) => (
  <>
    {output.isError && <p role="note" className="rounded-control bg-failed-tint p-3 text-row text-failed-text">The server says that the call failed.</p>}
    {output.structured !== undefined && output.structured !== null && <OutputPart title="Structured content"><ValueView value={output.structured} label="structured content" /></OutputPart>}
    {output.content.map((item, index) => <Content key={index} item={item} />)}
    {output.content.length === 0 && output.structured == null && <p className="text-row text-muted-foreground">The server answered with nothing.</p>}
  </>
);
