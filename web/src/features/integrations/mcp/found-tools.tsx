import type { McpDraftTest } from '@contracts/mcp-servers.ts';
import { RiskChip } from '@/components/risk-chip.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { toolEffectWords } from '@/components/tools/tool-marks.tsx';
import { countOf } from '@/lib/format.ts';

/** Tools a test found, with the risk each would be proposed. */
export const FoundTools = ({ tools, slug }: { tools: McpDraftTest['tools']; slug: string }) =>
  tools.length === 0 ? (
    <p className="text-row text-muted-foreground">It lists no tools.</p>
  ) : (
    <div>
      <p className="mb-1 text-row">{countOf(tools.length, 'tool')} found. Each is off until somebody reviews it.</p>
      <ul aria-label="Tools found" tabIndex={0} className="flex max-h-80 flex-col overflow-y-auto rounded-control border">
        {tools.map(({ definition, proposed_risk: risk, proposed_effect: effect }) => (
          <li key={definition.name} className="flex flex-wrap items-start justify-between gap-x-3 gap-y-1 border-b px-3 py-2 text-row last:border-b-0">
            <span className="min-w-0 flex-1 max-sm:basis-full">
              <span className="block font-mono text-caption leading-5">{slug !== '' && <span className="text-muted-foreground">mcp_{slug}_</span>}<UntrustedText text={definition.name} /></span>
              <span className="line-clamp-2 text-caption text-muted-foreground"><UntrustedText text={definition.description} /></span>
            </span>
            <span className="flex flex-wrap items-center gap-2"><span className="text-caption text-muted-foreground">{toolEffectWords[effect].word}</span><RiskChip risk={risk} /></span>
          </li>
        ))}
      </ul>
    </div>
  );
