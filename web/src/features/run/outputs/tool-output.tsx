import type { Step } from '@contracts/runs.ts';
import { useMemo } from 'react';
import { FileItem } from '@/components/run-files/file-item.tsx';
import { previewOf } from '@/components/run-files/file-kind.ts';
import { EmailView } from './email-view.tsx';
import { HttpView } from './http-view.tsx';
import { McpView } from './mcp-view.tsx';
import { OutputPart, ValueView } from './output-parts.tsx';
import { filesIn, type OutputView, viewOf } from './output-shapes.ts';
import { PieceView } from './piece-view.tsx';
import { PythonView } from './python-view.tsx';
import { ResultTable } from './result-table.tsx';
import { SearchView } from './search-view.tsx';
import { SourceView } from './source-view.tsx';

/** Images opened at once; of more, each is opened by hand. */
const openImages = 4;

const Shaped = ({ view, step }: { view: OutputView; step: Step }) => {
  switch (view.kind) {
    case 'table': return <ResultTable table={view.table} name={`${step.tool_name ?? 'rows'}-${step.iteration}`} />;
    case 'python': return <PythonView output={view.output} />;
    case 'http': return <HttpView output={view.output} />;
    case 'search': return <SearchView output={view.output} />;
    case 'email': return <EmailView output={view.output} />;
    case 'source': return <SourceView output={view.output} />;
    case 'mcp': return <McpView output={view.output} />;
    case 'piece': return <PieceView output={view.output} />;
    case 'other': return <ValueView value={step.output} label="output" />;
  }
};

/** What a tool put out, in the form that suits it, with the files it made. Everything in it is somebody else's text. */
export const ToolOutput = ({ step }: { step: Step }) => {
  const view = useMemo(() => viewOf(step.output), [step.output]);
  const files = useMemo(() => filesIn(step.output), [step.output]);
  const images = files.filter((file) => previewOf(file) === 'image').slice(0, openImages);
  return (
    <div className="flex min-w-0 flex-col gap-4">
      {/* A plot is mostly what was asked for. */}
      {files.length > 0 && (
        <OutputPart title={files.length === 1 ? 'File' : `${files.length} files`}>
          <ul className="flex flex-col gap-3">{files.map((file) => <li key={file.id}><FileItem runId={step.run_id} file={file} isOpen={images.includes(file)} /></li>)}</ul>
        </OutputPart>
      )}
      <Shaped view={view} step={step} />
    </div>
  );
};
