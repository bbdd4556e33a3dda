import { autocompletion, type Completion, type CompletionContext, type CompletionResult, pickedCompletion } from '@codemirror/autocomplete';
import type { Extension } from '@codemirror/state';
import { type EditorView, hoverTooltip, type Rect, tooltips } from '@codemirror/view';
import { changeFor, type Suggestion } from './suggestion.ts';
import { meaningAt, suggestionsAt } from './suggestions.ts';
import { readTokens } from './tokens.ts';
import { markHidden, type Vocabulary } from './vocabulary.ts';

interface CedarCompletion extends Completion {
  suggestion: Suggestion;
}

/** What is typed may fit the name people read or the one that is written; only the first is shown. */
const toCompletion = (suggestion: Suggestion, from: number): CedarCompletion => {
  const { name, label = name, alias = '', detail, boost = 0 } = suggestion;
  return {
    suggestion, detail, boost,
    ...(alias === '' || alias === label ? { label } : { label: `${label} ${alias}`, displayLabel: label }),
    apply: (view, completion, _from, to) => {
      const { cursor, ...changes } = changeFor(suggestion, view.state.doc.toString(), from, to);
      view.dispatch({ changes, selection: { anchor: cursor }, scrollIntoView: true, userEvent: 'input.complete', annotations: pickedCompletion.of(completion) });
    },
  };
};

/** What the editor offers at a place; without being asked for only where a word was begun, or what comes next is one of a list. */
const complete = ({ state, pos, explicit }: CompletionContext, vocabulary: Vocabulary | undefined): CompletionResult | null => {
  if (vocabulary === undefined || state.readOnly) return null;
  const found = suggestionsAt(state.doc.toString(), pos, vocabulary);
  if (found === undefined || !(found.opens || explicit)) return null;
  return { from: found.from, options: found.items.map((item) => toCompletion(item, found.from)), validFor: /^@?\w*$/ };
};

const element = (className: string, text: string): HTMLElement => Object.assign(document.createElement('span'), { className, textContent: text });

const drawMeaning = (completion: Completion): Node | null => {
  const { meaning } = (completion as CedarCompletion).suggestion;
  return meaning === '' ? null : element('cm-cedarMeaning', meaning);
};

/** Name, type and meaning, as {@link complete} offers them. */
const drawHover = ({ name, label = name, detail, meaning }: Suggestion): HTMLElement => {
  const dom = element('cm-cedarHover', '');
  dom.append(element('cm-cedarName', markHidden(label)), ' ', element('cm-completionDetail', detail), ...(meaning === '' ? [] : [element('cm-cedarMeaning', meaning)]));
  return dom;
};

/** The part of a token that is a word or a quoted name. */
const wordAt = (text: string, position: number): { from: number; to: number } | undefined => {
  const token = readTokens(text).find(({ from, to }) => from <= position && position <= to);
  if (token === undefined || token.kind === 'comment' || token.kind === 'number') return undefined;
  return token.kind === 'string' ? { from: token.from + 1, to: token.to - 1 } : token;
};

const hover = (view: EditorView, position: number, vocabulary: Vocabulary | undefined) => {
  const text = view.state.doc.toString();
  const word = wordAt(text, position);
  const found = word === undefined || vocabulary === undefined ? undefined : meaningAt(text, word.from, word.to, vocabulary);
  return word === undefined || found === undefined ? null : { pos: word.from, end: word.to, above: true, create: () => ({ dom: drawHover(found) }) };
};

/** What is seen of the page, less a margin: neither the place kept for a scrollbar nor what a keyboard on the screen covers. */
const visibleSpace = (): Rect => {
  const { offsetLeft = 0, offsetTop = 0, width = innerWidth, height = innerHeight } = globalThis.visualViewport ?? {};
  const { right } = document.body.getBoundingClientRect();
  return { left: offsetLeft + 8, top: offsetTop + 8, right: Math.min(offsetLeft + width, right) - 8, bottom: offsetTop + height - 8 };
};

/** Completion and hover for Cedar. The vocabulary is asked for each time: it may come later than the editor. */
export const cedarHelp = (vocabulary: () => Vocabulary | undefined): Extension => [
  autocompletion({
    override: [(context) => complete(context, vocabulary())],
    activateOnCompletion: (completion) => (completion as CedarCompletion).suggestion.reopens === true,
    addToOptions: [{ render: drawMeaning, position: 90 }],
    // As the catalogue has them: in the order people read them.
    compareCompletions: () => 0,
    icons: false,
  }),
  hoverTooltip((view, position) => hover(view, position, vocabulary()), { hideOnChange: true }),
  tooltips({ tooltipSpace: visibleSpace }),
];
