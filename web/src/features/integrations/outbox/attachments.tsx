import { streamEndpoints } from '@contracts/endpoints.ts';
import type { OutboxEmail } from '@contracts/system.ts';
import { Paperclip } from 'lucide-react';
import { DownloadButton } from '@/components/download-button.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { fillPath } from '@/lib/api-client.ts';
import { formatBytes } from '@/lib/format.ts';

/** The files an e-mail brought: named and saved, never opened here. */
export const Attachments = ({ mail }: { mail: OutboxEmail }) => (
  <section aria-label="Attachments" className="flex flex-col gap-2 border-t pt-4">
    <h3 className="text-row font-semibold">{mail.attachments.length === 1 ? '1 attachment' : `${mail.attachments.length} attachments`}</h3>
    <ul className="flex flex-col gap-2">
      {mail.attachments.map(({ index, name, media_type: mediaType, bytes }) => (
        <li key={index} className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
          <Paperclip aria-hidden className="size-4 shrink-0 text-muted-foreground" />
          <div className="min-w-0 flex-1 basis-40">
            <p className="text-row font-medium"><UntrustedText text={name} /></p>
            <p className="text-caption text-muted-foreground"><UntrustedText text={mediaType} />, {formatBytes(bytes)}</p>
          </div>
          <DownloadButton path={fillPath(streamEndpoints.outboxAttachment.path, { id: mail.id, index })} name={name} />
        </li>
      ))}
    </ul>
  </section>
);
