import type { timeRanges } from '@contracts/system.ts';

export type TimeRange = (typeof timeRanges)[number];

/** What the address of the page says; without a range the last 24 hours, without `demo` the demo agent is left out. */
export interface ObservabilitySearch {
  range?: TimeRange;
  agent?: string;
  model?: string;
  demo?: boolean;
}

export interface ObservabilitySearchProps {
  search: ObservabilitySearch;
  onSearch: (changes: { [Key in keyof ObservabilitySearch]?: ObservabilitySearch[Key] | undefined }) => void;
}
