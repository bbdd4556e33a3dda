import type { Agent } from '@contracts/agents.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Unknown } from '@/components/figures.tsx';
import { JsonView } from '@/components/json-view.tsx';
import { toolEffectWords } from '@/components/tools/tool-marks.tsx';
import { Card, CardContent, CardHeader, CardTitle } from '@/components/ui/card.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { apiQuery } from '@/lib/api-query.ts';
import { AgentTags } from '../components/agent-marks.tsx';
import { rejectionWords } from '../form/rejection-choice.tsx';
import { ToolPolicyList } from './tool-policy-list.tsx';

/** The agent's tools in full, and the policy that holds for them. */
export const ToolsTab = ({ agent }: { agent: Agent }) => {
  const policies = useQuery(apiQuery('listPolicies'));
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <Card>
        <CardHeader><CardTitle>Tools</CardTitle></CardHeader>
        <CardContent>
          <ToolPolicyList
            agent={agent}
            detailsOf={(tool) => (
              <>
                <p className="text-row"><UntrustedText text={tool.description} /></p>
                <p className="text-caption text-muted-foreground">{toolEffectWords[tool.effect].meaning}</p>
                <details>
                  <summary className="min-h-6 cursor-pointer text-row text-muted-foreground">Parameters</summary>
                  <JsonView value={tool.parameters} label={`parameters of ${tool.name}`} className="mt-1" />
                </details>
              </>
            )}
          />
        </CardContent>
      </Card>
      <Card>
        <CardHeader><CardTitle>Policy</CardTitle></CardHeader>
        <CardContent className="flex flex-col gap-3 text-row">
          <p>A call is judged by its own arguments when it is made: its risk may be higher than the usual one shown here.</p>
          <dl className="flex flex-col gap-2">
            <div><dt className="text-caption text-muted-foreground">Policies in force</dt><dd className="font-mono wrap-anywhere">{policies.data?.policy_version ?? <Unknown reason={policies.isError ? 'the policies could not be loaded' : 'loading'} />}</dd></div>
            <div>
              <dt className="text-caption text-muted-foreground">Tags policies know it by</dt>
              <dd>{agent.tags.length === 0 ? 'none' : <AgentTags tags={agent.tags} />}</dd>
            </div>
            <div><dt className="text-caption text-muted-foreground">After a rejection</dt><dd>{rejectionWords[agent.on_rejection].word}</dd></div>
          </dl>
          <Link to="/governance" search={{ tab: 'try', agent: agent.id }} className="text-primary underline underline-offset-4">Try a call of this agent</Link>
          <Link to="/governance" className="text-primary underline underline-offset-4">All policies</Link>
        </CardContent>
      </Card>
    </div>
  );
};
