import type { PolicyDetails } from '@contracts/policies.ts';
import type { EditorState } from '../policy/editor-state.ts';
import type { OnPolicySearch, PolicySearch } from '../search.ts';

export const TryDraft = ({ policy }: { policy: PolicyDetails | undefined; state: EditorState; search: PolicySearch; onSearch: OnPolicySearch }) => <p>{policy?.id}</p>;
