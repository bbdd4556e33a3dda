import type { OutboxEmail } from '@contracts/system.ts';
import { lazy, type ReactNode, Suspense, useEffect, useRef } from 'react';
import { CopyButton } from '@/components/copy-button.tsx';
import { RelativeTime } from '@/components/figures.tsx';
import { Card } from '@/components/ui/card.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { Tabs, TabsContent, TabsList, TabsTrigger } from '@/components/ui/tabs.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { Attachments } from './attachments.tsx';

const HtmlPreview = lazy(() => import('@/components/html-preview.tsx').then((module) => ({ default: module.HtmlPreview })));

export const Subject = ({ mail }: { mail: OutboxEmail }) => (mail.subject === '' ? <span className="text-muted-foreground">No subject</span> : <UntrustedText text={mail.subject} />);

const Line = ({ label, children }: { label: string; children: ReactNode }) => (
  <>
    <dt className="text-caption font-medium text-muted-foreground">{label}</dt>
    <dd className="min-w-0">{children}</dd>
  </>
);

const PlainText = ({ text }: { text: string }) => <UntrustedText isBlock text={text === '' ? 'The e-mail has no text.' : text} className="text-body" />;

/** What the e-mail says: its text, and its HTML drawn so that nothing in it can act. */
const Body = ({ mail }: { mail: OutboxEmail }) => {
  if (mail.html === null) return <div className="border-t pt-4"><PlainText text={mail.text} /></div>;
  return (
    <Tabs defaultValue={mail.text === '' ? 'html' : 'text'} className="gap-3">
      <TabsList aria-label="How the e-mail is shown">
        <TabsTrigger value="text" className="text-row">Text</TabsTrigger>
        <TabsTrigger value="html" className="text-row">HTML</TabsTrigger>
        <TabsTrigger value="source" className="text-row">Source of the HTML</TabsTrigger>
      </TabsList>
      <TabsContent value="text"><PlainText text={mail.text} /></TabsContent>
      <TabsContent value="html" className="flex flex-col gap-1">
        <Suspense fallback={<Skeleton className="h-72" />}><HtmlPreview html={mail.html} title="HTML of the e-mail" /></Suspense>
        <p className="text-caption text-muted-foreground">Without its styles, scripts and forms. Nothing is fetched: pictures from elsewhere are named, not shown.</p>
      </TabsContent>
      <TabsContent value="source"><UntrustedText isBlock text={mail.html} className="max-h-96 overflow-y-auto rounded-control border bg-muted p-3 font-mono text-caption" /></TabsContent>
    </Tabs>
  );
};

/** One delivered e-mail: who it went to, what it says, what it brought. */
export const Message = ({ mail, hasFocus }: { mail: OutboxEmail; hasFocus: boolean }) => {
  const ref = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (hasFocus) ref.current?.focus();
  }, [hasFocus]);
  return (
    <Card aria-label="E-mail" className="gap-4 p-4">
      <h2 ref={ref} tabIndex={-1} data-heading className="scroll-mt-20 text-title font-semibold wrap-anywhere"><Subject mail={mail} /></h2>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] items-baseline gap-x-3 gap-y-1 text-row">
        <Line label="From"><UntrustedText text={mail.from} /></Line>
        <Line label="To"><UntrustedText text={mail.to.join(', ')} /></Line>
        {mail.cc.length > 0 && <Line label="Cc"><UntrustedText text={mail.cc.join(', ')} /></Line>}
        {mail.bcc.length > 0 && <Line label="Bcc"><UntrustedText text={mail.bcc.join(', ')} /></Line>}
        <Line label="Delivered"><RelativeTime at={mail.received_at} /></Line>
        <Line label="Message id"><span className="inline-flex max-w-full items-center"><code className="truncate"><UntrustedText text={mail.message_id} /></code><CopyButton text={mail.message_id} label="Copy message id" /></span></Line>
      </dl>
      <Body mail={mail} />
      {mail.attachments.length > 0 && <Attachments mail={mail} />}
    </Card>
  );
};
