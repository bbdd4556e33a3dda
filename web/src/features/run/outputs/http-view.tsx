import { useState } from 'react';
import { LongText } from '@/components/approval/arguments/long-text.tsx';
import { Button } from '@/components/ui/button.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { cn } from '@/lib/cn.ts';
import { formatBytes } from '@/lib/format.ts';
import { indentJson } from './indent-json.ts';
import { Fact, Facts, OutputPart, OutsideLink } from './output-parts.tsx';
import type { HttpOutput } from './output-shapes.ts';

const tintOf = (status: number): string => (status >= 400 ? 'bg-failed-tint text-failed-text' : status >= 300 ? 'bg-waiting-tint text-waiting-text' : 'bg-completed-tint text-completed-text');

const Body = ({ output }: { output: HttpOutput }) => {
  const [isIndented, setIsIndented] = useState(false);
  const { body, body_encoding: encoding } = output;
  if (encoding === 'file') return <p className="text-row text-muted-foreground">It is no text and was kept as the file above.</p>;
  if (encoding === 'none') return <p className="text-row text-muted-foreground">It is no text and was too large or broken to be kept.</p>;
  if (encoding === 'base64') return <p className="text-row text-muted-foreground">Binary. As base64 it stands under Raw.</p>;
  if (body == null || body === '') return <p className="text-row text-muted-foreground">The answer has no body.</p>;
  const indented = indentJson(body);
  return (
    <>
      {indented !== undefined && <div><Button variant="outline" size="small" aria-pressed={isIndented} onClick={() => setIsIndented(!isIndented)}>Indent</Button></div>}
      <LongText isCode text={isIndented ? (indented ?? body) : body} label="the body" />
    </>
  );
};

/** An answer of a web server: status, headers, and the body as text. A page is never drawn. */
export const HttpView = ({ output }: { output: HttpOutput }) => {
  const { url, status, headers, bytes, truncated, redirected_from: redirectedFrom } = output;
  const type = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  const isPage = /html/i.test(String(type ?? ''));
  const size = bytes === undefined ? undefined : `${formatBytes(bytes)}${truncated === true ? ', cut at the limit' : ''}`;
  return (
    <>
      <div className="flex flex-wrap items-baseline gap-2 text-row">
        <span className={cn('tabular rounded-control px-1.5 py-0.5 font-semibold', tintOf(status))}><span className="sr-only">Status </span>{status}</span>
        <OutsideLink url={url} />
      </div>
      {redirectedFrom !== undefined && redirectedFrom.length > 0 && (
        <OutputPart title="Redirected from"><ol className="list-decimal pl-5 text-row">{redirectedFrom.map((from, index) => <li key={index}><UntrustedText text={from} /></li>)}</ol></OutputPart>
      )}
      {Object.keys(headers).length > 0 && (
        <OutputPart title="Headers">
          <Facts>{Object.entries(headers).map(([name, value]) => <Fact key={name} label={name}><UntrustedText text={Array.isArray(value) ? value.join(', ') : value} className="font-mono text-caption" /></Fact>)}</Facts>
        </OutputPart>
      )}
      <OutputPart title={isPage ? 'Body, the source of a web page' : 'Body'} {...(size === undefined ? {} : { note: size })}>
        {output.body_trouble != null && <p className="text-row text-waiting-text"><UntrustedText text={output.body_trouble} /></p>}
        <Body output={output} />
      </OutputPart>
    </>
  );
};
