import { LongText } from '@/components/approval/arguments/long-text.tsx';
import { Duration } from '@/components/figures.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { OutputPart, ValueView } from './output-parts.tsx';
import type { PythonOutput } from './output-shapes.ts';

const cut = (isCut: boolean | undefined): { note?: string } => (isCut === true ? { note: 'cut at the limit' } : {});

/** What a program came to: its exception first, then its result, then what it printed, each apart. */
export const PythonView = ({ output }: { output: PythonOutput }) => {
  const { result, result_note: note, stdout, stderr, truncated, error, files_note: filesNote, duration_ms: durationMs } = output;
  return (
    <>
      {error !== null && (
        <>
          <div role="note" className="rounded-control bg-failed-tint p-3 text-row text-failed-text"><strong><UntrustedText text={error.type} /></strong>: <UntrustedText text={error.message} /></div>
          {error.traceback != null && error.traceback !== '' && <OutputPart title="Traceback"><LongText isCode text={error.traceback} label="the traceback" /></OutputPart>}
        </>
      )}
      {(error === null || (result !== null && result !== undefined)) && (
        <OutputPart title="Result" {...(note == null ? {} : { note: <UntrustedText text={note} /> })}>
          {result === null || result === undefined ? <p className="text-row text-muted-foreground">None</p> : <ValueView value={result} label="result" />}
        </OutputPart>
      )}
      {stdout !== '' && <OutputPart title="Printed (stdout)" {...cut(truncated?.stdout)}><LongText isCode text={stdout} label="what was printed" /></OutputPart>}
      {stderr !== '' && <OutputPart title="Errors and warnings (stderr)" {...cut(truncated?.stderr)}><LongText isCode text={stderr} label="stderr" /></OutputPart>}
      {stdout === '' && stderr === '' && <p className="text-caption text-muted-foreground">Nothing was printed.</p>}
      {filesNote != null && <p className="text-row text-waiting-text"><UntrustedText text={filesNote} /></p>}
      {durationMs !== undefined && <p className="text-caption text-muted-foreground">The program itself took <Duration ms={durationMs} />.</p>}
    </>
  );
};
