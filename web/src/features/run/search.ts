/** What the address of a run page says; every part may be absent, its default being the first of each list. */
export const runViews = ['trace', 'story', 'json'] as const;
export const phoneTabs = ['trace', 'timeline', 'details', 'approvals'] as const;
export const inspectorPanels = ['summary', 'input', 'output', 'attempts', 'safety', 'raw'] as const;

export type RunView = (typeof runViews)[number];
export type PhoneTab = (typeof phoneTabs)[number];
export type InspectorPanel = (typeof inspectorPanels)[number];

export interface RunSearch {
  /** The step whose details are open. */
  step?: string;
  panel?: InspectorPanel;
  view?: RunView;
  /** Which part a narrow screen shows. */
  tab?: PhoneTab;
  /** Words looked for in the trace. */
  find?: string;
  /** Only steps that failed, with what they belong to. */
  errors?: boolean;
}

/** Changes of the address; undefined removes a part. */
export type RunSearchChanges = { [Key in keyof RunSearch]?: RunSearch[Key] | undefined };

export interface SearchProps {
  search: RunSearch;
  onSearch: (changes: RunSearchChanges, options?: { replace?: boolean }) => void;
}
