import type { McpDefinition } from '@contracts/mcp-servers.ts';
import { JsonView } from '@/components/json-view.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { annotationWords } from './mcp-words.ts';

/** What a server says of a tool: its words, hints and schemas, none of which is to be trusted. */
export const DefinitionView = ({ definition }: { definition: McpDefinition }) => {
  const words = annotationWords(definition);
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <div>
        <h3 className="text-caption font-medium text-muted-foreground">What models read of it, in the server’s words</h3>
        <div className="mt-1 max-h-72 overflow-y-auto rounded-control border bg-card p-3 text-row" tabIndex={0} role="region" aria-label="Description of the tool">
          {definition.title !== null && <p className="font-medium"><UntrustedText text={definition.title} /></p>}
          {definition.description === '' ? <p className="text-muted-foreground">Nothing.</p> : <UntrustedText isBlock text={definition.description} />}
        </div>
      </div>
      <p className="text-row"><span className="text-caption text-muted-foreground">Hints of the server, which nobody checks: </span>{words.length === 0 ? 'none' : words.join(', ')}</p>
      <details>
        <summary className="min-h-6 cursor-pointer text-row text-muted-foreground max-sm:min-h-11 max-sm:leading-11">Arguments it takes</summary>
        <JsonView value={definition.input_schema} label="Schema of the arguments" className="mt-1" />
      </details>
      {definition.output_schema !== null && (
        <details>
          <summary className="min-h-6 cursor-pointer text-row text-muted-foreground max-sm:min-h-11 max-sm:leading-11">What it answers</summary>
          <JsonView value={definition.output_schema} label="Schema of the answer" className="mt-1" />
        </details>
      )}
    </div>
  );
};
