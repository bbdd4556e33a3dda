import { secretNamesIn } from '@contracts/secrets.ts';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { countOf, formatInteger } from '@/lib/format.ts';
import { JsonView } from '../../json-view.tsx';
import { Button } from '../../ui/button.tsx';
import { UntrustedText } from '../../untrusted-text.tsx';
import { toSecretPieces } from './secret-pieces.ts';
import { shortenText } from './shorten-text.ts';
import { toWhitePieces } from './spaces.ts';

/** A text with the places of secrets marked; their values are nowhere in the page. */
export const SecretText = ({ text }: { text: string }) => (
  <>
    {toSecretPieces(text).map((piece, index) =>
      piece.kind === 'text' ? (
        <UntrustedText key={index} text={piece.text} />
      ) : (
        <span key={index} className="mx-px inline-flex items-center gap-1 rounded-control border border-primary px-1 text-caption font-medium text-primary"><KeyRound aria-hidden className="size-3" />secret {piece.name}</span>
      ),
    )}
  </>
);

/** Which secrets a request takes along, and where to: nowhere but to the host it names. */
export const SecretsTaken = ({ url, texts }: { url: string; texts: readonly string[] }) => {
  const names = secretNamesIn(texts.join('\n'));
  if (names.length === 0) return null;
  const host = URL.canParse(url) ? new URL(url).host : '';
  return (
    <p className="flex items-start gap-2 rounded-control border border-primary p-2.5 text-row">
      <KeyRound aria-hidden className="mt-0.5 size-4 shrink-0 text-primary" />
      <span>
        With the {names.length === 1 ? 'secret' : 'secrets'} <strong>{names.join(', ')}</strong>, sent to <strong><UntrustedText text={host} /></strong> only. {names.length === 1 ? 'Its value takes its' : 'Their values take their'} place when the request is sent; neither the agent nor this page knows {names.length === 1 ? 'it' : 'them'}.
      </span>
    </p>
  );
};

/** An address in full, its host in bold: what it is sent to is what counts. */
export const AddressValue = ({ url }: { url: string }) => {
  const { host } = new URL(url);
  const at = url.toLowerCase().indexOf(host);
  // Written otherwise than it is read (another form of the host's name): both are shown.
  if (at < 0) return <><SecretText text={url} /> <span className="text-caption text-muted-foreground">that is the host <strong><UntrustedText text={host} /></strong></span></>;
  return <><UntrustedText text={url.slice(0, at)} /><strong><UntrustedText text={url.slice(at, at + host.length)} /></strong><SecretText text={url.slice(at + host.length)} /></>;
};

/** Header lines of a request. */
export const HeaderLines = ({ headers }: { headers: Record<string, string> }) => (
  <ul className="flex flex-col gap-1 rounded-control border bg-muted p-3 font-mono text-row">
    {Object.entries(headers).map(([name, value]) => <li key={name} className="wrap-anywhere"><span className="text-muted-foreground"><UntrustedText text={name} />: </span><SecretText text={value} /></li>)}
  </ul>
);

const marks = {
  spaces: { draw: (text: string) => text, name: (text: string) => countOf(text.length, 'space') },
  tab: { draw: () => '→\t', name: () => 'tab' },
  carriage_return: { draw: () => '␍', name: () => 'carriage return' },
};

/** A body of which every character counts: white space drawn, its length said. */
export const VerbatimText = ({ text, label }: { text: string; label: string }) => {
  const [isWhole, setIsWhole] = useState(false);
  const start = shortenText(text);
  const shown = isWhole ? text : (start ?? text);
  const bytes = new TextEncoder().encode(text).length;
  const lines = text.split('\n').length;
  return (
    <div className="min-w-0 rounded-control border bg-muted">
      <div dir="auto" className="p-3 font-mono text-row whitespace-pre-wrap wrap-anywhere [tab-size:4]">
        {text === '' && <span className="text-muted-foreground">Empty</span>}
        {toWhitePieces(shown).map((piece, index) => {
          if (piece.kind === 'plain') return <SecretText key={index} text={piece.text} />;
          const { draw, name } = marks[piece.kind];
          return <span key={index} title={name(piece.text)} className="bg-waiting-tint text-waiting-text outline-1 -outline-offset-1 outline-waiting-solid outline-dotted">{draw(piece.text)}</span>;
        })}
      </div>
      <p className="flex flex-wrap items-center gap-x-3 border-t px-3 py-1.5 text-caption text-muted-foreground">
        <span>{countOf(text.length, 'character')}{bytes !== text.length && `, ${countOf(bytes, 'byte')}`}, {countOf(lines, 'line')}{text.endsWith('\n') && ', ends with a line break'}</span>
        {start !== undefined && !isWhole && <span>the first {formatInteger(start.length)} are shown</span>}
        {start !== undefined && <Button variant="link" size="inline" aria-label={isWhole ? `Show less of ${label}` : `Show all of ${label}`} onClick={() => setIsWhole(!isWhole)}>{isWhole ? 'Show less' : 'Show all'}</Button>}
      </p>
    </div>
  );
};

/** Variables a program finds defined, each with where its value comes from. */
export const ProgramInputs = ({ inputs }: { inputs: Record<string, Record<string, unknown>> }) => (
  <dl className="flex flex-col gap-2 rounded-control border p-3">
    {Object.entries(inputs).map(([name, input]) => (
      <div key={name} className="flex min-w-0 flex-col gap-0.5">
        <dt className="font-mono text-row"><UntrustedText text={name} /></dt>
        <dd className="min-w-0 text-row">
          {typeof input['result_of'] === 'string' && Object.keys(input).every((key) => key === 'result_of' || (key === 'as' && typeof input[key] === 'string')) ? <>the whole result of the call <code><UntrustedText text={input['result_of']} /></code>{'as' in input && <>, as <UntrustedText text={String(input['as'])} /></>}</>
            : Object.keys(input).length === 1 && typeof input['file'] === 'string' ? <>the file <UntrustedText text={input['file']} /> of this run</>
              : <JsonView value={Object.keys(input).length === 1 && 'value' in input ? input['value'] : input} label={`input ${name}`} />}
        </dd>
      </div>
    ))}
  </dl>
);
