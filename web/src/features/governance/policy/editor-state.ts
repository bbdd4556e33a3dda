import type { CheckedPolicy, PolicyForm } from '@contracts/policies.ts';

/** A policy as it is being written: the same thing as form and as text, and what the server says of it. */
export interface EditorState {
  name: string;
  cedar: string;
  /** Null: the text says something a form cannot show, or is not read yet. */
  form: PolicyForm | null;
  /** Why the form cannot show the text. */
  refusal: string | null;
  issues: CheckedPolicy['issues'];
  isValid: boolean;
  /** Which of the two was changed last and is not followed by the other yet; `both`: in step. */
  lead: 'form' | 'text' | 'both';
  /** Counts changes of form and text: an answer to an older one is dropped. */
  edit: number;
  /** Why the last check failed; the other side then stays behind. */
  checkError: unknown;
}

export type EditorAction =
  | { type: 'renamed'; name: string }
  | { type: 'text-changed'; cedar: string }
  | { type: 'form-changed'; form: PolicyForm }
  | { type: 'checked'; edit: number; answer: CheckedPolicy }
  | { type: 'check-failed'; edit: number; error: unknown }
  | { type: 'check-again' }
  | { type: 'replaced'; name: string; cedar: string };

/** A policy that is there, before it is checked: until then its form is not known. */
export const fromText = ({ name, cedar }: { name: string; cedar: string }): EditorState => ({
  name, cedar, form: null, refusal: null, issues: [], isValid: false, lead: 'text', edit: 0, checkError: undefined,
});

/** A new policy, begun with the form. */
export const fromForm = ({ name, form }: { name: string; form: PolicyForm }): EditorState => ({
  name, cedar: '', form, refusal: null, issues: [], isValid: false, lead: 'form', edit: 0, checkError: undefined,
});

export const reduceEditor = (state: EditorState, action: EditorAction): EditorState => {
  switch (action.type) {
    case 'renamed': return { ...state, name: action.name };
    case 'text-changed': return { ...state, cedar: action.cedar, lead: 'text', edit: state.edit + 1, checkError: undefined };
    case 'form-changed': return { ...state, form: action.form, refusal: null, lead: 'form', edit: state.edit + 1, checkError: undefined };
    case 'checked': {
      if (action.edit !== state.edit || state.lead === 'both') return state;
      const { cedar, form, form_refusal: refusal, issues, is_valid: isValid } = action.answer;
      const said = { issues, isValid, lead: 'both', checkError: undefined } as const;
      // What leads stays as typed: the server's copy of it may be trimmed, which would move things under the fingers.
      if (state.lead === 'form') return { ...state, ...said, cedar, refusal: null };
      // A form that cannot be shown any more stays to be looked at, frozen.
      return { ...state, ...said, form: form ?? state.form, refusal: form === null ? (refusal ?? 'The form cannot show this text.') : null };
    }
    case 'check-failed': return action.edit === state.edit && state.lead !== 'both' ? { ...state, checkError: action.error } : state;
    case 'check-again': return { ...state, edit: state.edit + 1, checkError: undefined };
    case 'replaced': return { ...fromText(action), edit: state.edit + 1 };
  }
};

/** What keeps a form from being turned into text: what stands half filled in. */
export const incompleteParts = (form: PolicyForm): string[] => [
  ...form.conditions.flatMap(({ fact, operator, value }, index): string[] => {
    if (fact === '' || fact.endsWith('.')) return [`Condition ${index + 1}: choose what it is about.`];
    const isEmpty = value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
    return isEmpty && operator !== 'is_known' ? [`Condition ${index + 1}: give a value.`] : [];
  }),
  ...(form.terms?.escalations ?? []).flatMap(({ approvers }, index): string[] => (approvers.length === 0 ? [`Escalation ${index + 1}: say to whom.`] : [])),
];

/** Whether there is something that leaving the page would lose. White space around the text is not kept, so it does not count. */
export const isUnsaved = (state: EditorState, saved: { name: string; cedar: string } | undefined): boolean =>
  saved === undefined
    ? state.edit > 0 || state.name.trim() !== ''
    : state.name.trim() !== saved.name || (state.lead === 'form' ? state.edit > 0 : state.cedar.trim() !== saved.cedar.trim());
