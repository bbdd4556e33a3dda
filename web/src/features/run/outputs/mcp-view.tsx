import { LongText } from '@/components/approval/arguments/long-text.tsx';
import { JsonView } from '@/components/json-view.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { countOf, formatInteger } from '@/lib/format.ts';
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
        {typeof item['truncated_from'] === 'number' && <p className="text-caption text-waiting-text">Cut: it had {formatInteger(item['truncated_from'])} characters.</p>}
      </OutputPart>
    );
  }
  // Files stand above, all of them together.
  if (filesIn(item).length > 0) return null;
  if (typeof item['left_out'] === 'string') return <OutputPart title={item.type}><p className="text-row text-waiting-text"><UntrustedText text={item['left_out']} /></p></OutputPart>;
  if (uri !== undefined) return <OutputPart title="Link to a resource"><p className="text-row">{text(item['name']) !== undefined && <><UntrustedText text={text(item['name']) ?? ''} />: </>}<OutsideLink url={uri} /></p>
    {text(item['description']) !== undefined && <UntrustedText isBlock text={text(item['description']) ?? ''} className="text-row text-muted-foreground" />}
  </OutputPart>;
  return <OutputPart title={item.type}><JsonView value={item} label={item.type} /></OutputPart>;
};

/** What a tool of an MCP server answered: its texts, links and structured content, all of them the server's words. */
export const McpView = ({ output }: { output: McpOutput }) => {
  const { content, structured_content: structured, structured_content_problem: problem, parts_left_out: leftOut } = output;
  return (
    <>
      {problem != null && <p role="note" className="rounded-control bg-waiting-tint p-3 text-row text-waiting-text"><UntrustedText text={problem} /></p>}
      {structured !== undefined && <OutputPart title="Structured content"><ValueView value={structured} label="structured content" /></OutputPart>}
      {content.map((item, index) => <Content key={index} item={item} />)}
      {leftOut != null && leftOut > 0 && <p className="text-row text-waiting-text">{countOf(leftOut, 'more part')} left out.</p>}
      {content.length === 0 && structured === undefined && <p className="text-row text-muted-foreground">The server answered with nothing.</p>}
    </>
  );
};
