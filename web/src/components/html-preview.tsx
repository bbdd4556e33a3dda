import { useMemo } from 'react';
import { toInertHtml } from './inert-html.ts';

/**
 * HTML somebody else wrote, drawn so that nothing in it can act: no scripts, forms, frames, styles or anything fetched, in a frame
 * without rights whose own policy forbids them again. Without styles, what they would hide is seen.
 */
export const HtmlPreview = ({ html, title }: { html: string; title: string }) => {
  const page = useMemo(() => toInertHtml(html), [html]);
  return <iframe title={title} sandbox="" srcDoc={page} className="h-72 min-h-40 w-full resize-y rounded-control border bg-card" />;
};
