import type { ToolFacts } from '@contracts/tools.ts';
import { lazy, Suspense } from 'react';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Tabs, TabsContent, TabsList, TabsTrigger } from '../../ui/tabs.tsx';
import { LongText } from './long-text.tsx';

const HtmlPreview = lazy(() => import('../../html-preview.tsx').then((module) => ({ default: module.HtmlPreview })));

/** The HTML of a message: its source, which is sent as it is, and what it says, drawn so that nothing in it can act. */
export const HtmlValue = ({ html, facts }: { html: string; facts: ToolFacts }) => (
  <div className="flex min-w-0 flex-col gap-2">
    {facts.html_has_remote_content === true && <p className="text-row font-medium text-destructive">It has pictures or styles fetched from elsewhere when it is read, which tells the sender that it was.</p>}
    {facts.html_has_script === true && <p className="text-row font-medium text-destructive">It brings code along. Mail programs run none; nothing of it runs here.</p>}
    <Tabs defaultValue="preview" className="gap-2">
      <TabsList aria-label="How the HTML is shown">
        <TabsTrigger value="preview" className="text-row">Preview</TabsTrigger>
        <TabsTrigger value="source" className="text-row">Source</TabsTrigger>
      </TabsList>
      <TabsContent value="preview" className="flex flex-col gap-1">
        <Suspense fallback={<Skeleton className="h-72" />}><HtmlPreview html={html} title="Preview of the HTML" /></Suspense>
        <p className="text-caption text-muted-foreground">Without its styles, scripts, forms and anything from elsewhere; targets of links are written out. What styles would hide is seen here.</p>
      </TabsContent>
      <TabsContent value="source"><LongText isCode text={html} label="the HTML" /></TabsContent>
    </Tabs>
  </div>
);
