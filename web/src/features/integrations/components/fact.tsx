import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { countOf } from '@/lib/format.ts';

/** Facts of a card as pairs in two columns. */
export const Facts = ({ children }: { children: ReactNode }) => <dl className="grid grid-cols-[auto_minmax(0,1fr)] items-baseline gap-x-3 gap-y-0.5 text-row">{children}</dl>;

/** One of the {@link Facts}. */
export const Fact = ({ term, children }: { term: string; children: ReactNode }) => (
  <>
    <dt className="text-caption leading-5 text-muted-foreground">{term}</dt>
    <dd className="min-w-0 wrap-anywhere">{children}</dd>
  </>
);

type Agents = readonly { id: string; name: string }[];

/** Agents as links, one a line. */
export const AgentLinks = ({ agents, className = '' }: { agents: Agents; className?: string }) => (
  <ul className={`max-h-40 overflow-y-auto ${className}`}>
    {agents.map(({ id, name }) => <li key={id}><Link to="/maestro/agents/$agentId" params={{ agentId: id }} className="inline-block min-h-6 text-primary underline underline-offset-4">{name}</Link></li>)}
  </ul>
);

/** How many agents use something, and which. */
export const UsedBy = ({ agents }: { agents: Agents }) =>
  agents.length === 0 ? (
    <span className="text-muted-foreground">no agent</span>
  ) : (
    <details>
      <summary className="min-h-6 cursor-pointer whitespace-nowrap">{countOf(agents.length, 'agent')}</summary>
      <AgentLinks agents={agents} />
    </details>
  );
