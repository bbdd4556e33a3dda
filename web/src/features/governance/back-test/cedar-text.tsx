import { CopyButton } from '@/components/copy-button.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';

/** The text that is or was judged with, folded away. */
export const CedarText = ({ cedar }: { cedar: string }) => (
  <details>
    <summary className="min-h-6 cursor-pointer text-row text-muted-foreground">The text</summary>
    <div className="relative mt-1 min-w-0 rounded-control border bg-muted">
      {/* A region that scrolls must be reachable by keyboard. */}
      <pre tabIndex={0} role="region" aria-label="Cedar text" className="max-h-80 overflow-auto p-3 pr-12 text-row whitespace-pre-wrap"><UntrustedText text={cedar} /></pre>
      <CopyButton text={cedar} label="Copy Cedar text" className="absolute top-1 right-1" />
    </div>
  </details>
);
