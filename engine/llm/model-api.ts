import type { ModelProvider } from '../../contracts/agents.ts';
import type { ConnectionOptions } from './endpoint.ts';
import type { LanguageModel } from './language-model.ts';
import type { ParameterRules } from './parameter-rules.ts';

/** An API that models are reached by, described once: what speaks it, what it takes, what is known of its models. */
export interface ModelApi {
  /** Opens no connection. */
  create(options: ConnectionOptions): LanguageModel;
  /** Settings an agent may give. `isOfficial`: the provider's own server, not one that speaks like it. */
  parametersOf(isOfficial: boolean): ModelProvider['parameters'];
  /** What the provider would refuse of an agent's settings. */
  checkSettings: ParameterRules;
  /** Tokens of input a model takes, by the start of its name; the first that fits counts. Other models get a careful guess. */
  contextWindows: readonly (readonly [prefix: RegExp, tokens: number])[];
  /** The request that lists models, below the base URL. */
  listing: {
    path: string;
    query: Record<string, string>;
    /** Beside what every request has. */
    headersOf(key: { apiKey: string | undefined; isOfficial: boolean }): Record<string, string>;
    /** The provider's own server says how much its models read. */
    tellsWindows: boolean;
  };
}
