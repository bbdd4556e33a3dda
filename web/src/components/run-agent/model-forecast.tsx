import type { Agent } from '@contracts/agents.ts';
import { useQuery } from '@tanstack/react-query';
import { apiQuery } from '@/lib/api-query.ts';
import { connectionName, findConnection, forecastModel } from '../models/model-target.ts';

/** Said before a run starts when its model cannot be reached: it would begin with a fallback, or fail. */
export const ModelForecast = ({ agent }: { agent: Agent }) => {
  const items = useQuery(apiQuery('listModels')).data?.items;
  const forecast = forecastModel(items, agent);
  if (forecast.kind === 'fine') return null;
  const name = connectionName(items, agent);
  const hint = findConnection(items, agent)?.configuration_hint;
  return (
    <p role="note" className="rounded-control bg-waiting-tint px-3 py-2 text-row text-waiting-text">
      {name.charAt(0).toUpperCase() + name.slice(1)} is not connected, so {forecast.kind === 'fails' ? 'this run would fail.' : `this run would begin with its fallback ${forecast.target.llm_model} of ${connectionName(items, forecast.target)}.`} {hint}
    </p>
  );
};
