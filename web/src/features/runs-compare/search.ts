/** What the address of a comparison says. */
export interface CompareSearch {
  a?: string;
  b?: string;
  changes?: boolean;
  pair?: number;
}
export interface CompareProps {
  search: CompareSearch;
  onSearch: (changes: { [Key in keyof CompareSearch]?: CompareSearch[Key] | undefined }, options?: { replace?: boolean }) => void;
}
