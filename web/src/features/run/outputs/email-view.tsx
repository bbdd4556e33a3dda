import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CopyButton } from '@/components/copy-button.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { apiQuery } from '@/lib/api-query.ts';
import { useCan } from '@/lib/auth.tsx';
import { formatBytes } from '@/lib/format.ts';
import { Fact, Facts } from './output-parts.tsx';
import type { EmailOutput } from './output-shapes.ts';

/** Where the mail lies, if it went into the built-in outbox. */
const OutboxLink = ({ messageId }: { messageId: string }) => {
  const { data } = useQuery({ ...apiQuery('listOutbox', { query: { message_id: messageId } }), enabled: useCan('outbox:read'), staleTime: 60_000 });
  const mail = data?.items[0];
  if (mail === undefined) return null;
  return <Link to="/integrations" search={{ tab: 'outbox', mail: mail.id }} className="self-start text-row text-primary underline underline-offset-4 hover:no-underline">Read the e-mail in the outbox</Link>;
};

/** What the mail server made of an e-mail: taken for whom, refused for whom, under which id. */
export const EmailView = ({ output }: { output: EmailOutput }) => (
  <>
    <Facts>
      <Fact label="Taken for">{output.accepted.length === 0 ? 'nobody' : <UntrustedText text={output.accepted.join(', ')} />}</Fact>
      {output.refused.length > 0 && (
        <Fact label="Refused for">
          <ul className="text-failed-text">
            {output.refused.map(({ recipient, reply, is_temporary: isTemporary }, index) => (
              <li key={index}><UntrustedText text={recipient} />{reply != null && <>: <UntrustedText text={reply} /></>}{isTemporary === true && ' (for now)'}</li>
            ))}
          </ul>
        </Fact>
      )}
      {output.attachments.length > 0 && <Fact label="With">{output.attachments.map(({ name, bytes }, index) => <span key={index}>{index > 0 && ', '}<UntrustedText text={name} /> ({formatBytes(bytes)})</span>)}</Fact>}
      <Fact label="Message id"><span className="inline-flex max-w-full items-center gap-1"><code className="min-w-0 text-caption wrap-anywhere"><UntrustedText text={output.message_id} /></code><CopyButton text={output.message_id} label="Copy message id" /></span></Fact>
      {output.response != null && <Fact label="The server said"><UntrustedText text={output.response} /></Fact>}
    </Facts>
    <OutboxLink messageId={output.message_id} />
  </>
);
