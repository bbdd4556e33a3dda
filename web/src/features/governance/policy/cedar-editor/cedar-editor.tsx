import type { PolicyIssue } from '@contracts/policies.ts';
import { acceptCompletion, completionStatus } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { bracketMatching, indentUnit } from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { Annotation, Compartment, EditorState, type Extension } from '@codemirror/state';
import { closeHoverTooltips, drawSelection, EditorView, hasHoverTooltips, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { type Ref, useEffect, useEffectEvent, useImperativeHandle, useRef } from 'react';
import { cedar } from './cedar-language.ts';
import { editorTheme } from './editor-theme.ts';
import { cedarHelp } from './suggest/help.ts';
import { replacedPart, rangeOf } from './text-positions.ts';
import { useVocabulary } from './use-vocabulary.ts';

export interface CedarEditorHandle {
  /** Puts the cursor where an issue begins, in view. */
  goTo: (issue: PolicyIssue) => void;
}

/** Marks a change that came from outside, so that it is not told as typed. */
const fromOutside = Annotation.define<boolean>();

/** Escape puts away what is shown over the text, and else lets the next Tab leave; the next change, or a list to choose from, makes Tab the editor's again. */
const leaveByEscape: Extension = [
  keymap.of([{
    key: 'Escape',
    run: (view) => {
      if (hasHoverTooltips(view.state)) {
        view.dispatch({ effects: closeHoverTooltips });
        return true;
      }
      view.setTabFocusMode(true);
      // Not handled: what lies around may close on Escape too.
      return false;
    },
  }]),
  EditorView.updateListener.of(({ docChanged, focusChanged, view }) => {
    if (docChanged || focusChanged || completionStatus(view.state) === 'active') view.setTabFocusMode(false);
  }),
];

/**
 * Typing over a selection is done by the editor and not by the browser: that would join the lines with an inline style, which the content
 * security policy refuses and reports. Words under composition stay the browser's.
 */
const typeOverSelection = EditorView.domEventHandlers({
  beforeinput: (event, view) => {
    if (event.inputType !== 'insertText' || event.data === null || event.isComposing || view.state.readOnly || view.state.selection.main.empty) return false;
    view.dispatch(view.state.replaceSelection(event.data), { userEvent: 'input.type', scrollIntoView: true });
    event.preventDefault();
    return true;
  },
});

const toDiagnostics = (text: string, issues: readonly PolicyIssue[]): Diagnostic[] =>
  issues.flatMap((issue): Diagnostic[] => {
    const range = rangeOf(text, issue);
    return range === undefined ? [] : [{ ...range, severity: issue.severity, message: issue.hint === null ? issue.message : `${issue.message}\n${issue.hint}` }];
  });

const lockOf = (isReadOnly: boolean): Extension => [EditorState.readOnly.of(isReadOnly), EditorView.contentAttributes.of({ 'aria-readonly': String(isReadOnly) })];

/**
 * Cedar text with colours, line numbers, the server's issues, and what can be written next. It lives in a shadow root: the editor brings its styles at
 * run time, and only there it takes the constructable stylesheets that the content security policy allows.
 */
export const CedarEditor = ({ value, onChange, issues = [], label, isReadOnly = false, ref }: {
  value: string;
  onChange?: (text: string) => void;
  issues?: readonly PolicyIssue[];
  /** Name for screen readers. */
  label: string;
  isReadOnly?: boolean;
  ref?: Ref<CedarEditorHandle>;
}) => {
  const hostRef = useRef<HTMLDivElement>(null);
  const viewRef = useRef<EditorView>(undefined);
  const lockRef = useRef(new Compartment());
  /** Texts told and not come back as `value` yet, the oldest first. */
  const toldRef = useRef<string[]>([]);
  const vocabulary = useVocabulary();
  const currentVocabulary = useEffectEvent(() => vocabulary);
  const onTyped = useEffectEvent((text: string): void => {
    if (onChange === undefined) return;
    toldRef.current.push(text);
    onChange(text);
  });
  const start = useEffectEvent(() => ({ value, label, isReadOnly }));

  useEffect(() => {
    const host = hostRef.current;
    if (host === null) return undefined;
    const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
    const { value: doc, label: name, isReadOnly: isLocked } = start();
    const view = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc,
        extensions: [
          lineNumbers(), lintGutter(), history(), drawSelection(), highlightActiveLine(), bracketMatching(), indentUnit.of('  '), EditorState.tabSize.of(2), EditorView.lineWrapping,
          leaveByEscape, typeOverSelection,
          keymap.of([{ key: 'Tab', run: acceptCompletion }, ...defaultKeymap.filter(({ key }) => key !== 'Mod-Enter'), ...historyKeymap, indentWithTab]),
          cedar, cedarHelp(() => currentVocabulary()), editorTheme,
          EditorView.contentAttributes.of({ 'aria-label': name, 'aria-multiline': 'true', autocapitalize: 'off', autocorrect: 'off' }),
          lockRef.current.of(lockOf(isLocked)),
          EditorView.updateListener.of((update) => {
            if (update.docChanged && !update.transactions.some((transaction) => transaction.annotation(fromOutside))) onTyped(update.state.doc.toString());
          }),
        ],
      }),
    });
    viewRef.current = view;
    return () => {
      view.destroy();
      viewRef.current = undefined;
    };
  }, []);

  useEffect(() => {
    const view = viewRef.current;
    if (view === undefined) return;
    const told = toldRef.current.lastIndexOf(value);
    toldRef.current = told === -1 ? [] : toldRef.current.slice(told + 1);
    // What was typed comes back late where the machine is busy: what was typed since must stay.
    if (told !== -1) return;
    const part = replacedPart(view.state.doc.toString(), value);
    if (part !== undefined) view.dispatch({ changes: part, annotations: fromOutside.of(true) });
  }, [value]);
  useEffect(() => {
    if (viewRef.current?.state.doc.toString() === value) toldRef.current = [];
  });
  useEffect(() => {
    viewRef.current?.dispatch({ effects: lockRef.current.reconfigure(lockOf(isReadOnly)) });
  }, [isReadOnly]);
  useEffect(() => {
    const view = viewRef.current;
    if (view !== undefined) view.dispatch(setDiagnostics(view.state, toDiagnostics(view.state.doc.toString(), issues)));
  }, [issues]);

  useImperativeHandle(ref, () => ({
    goTo: (issue) => {
      const view = viewRef.current;
      const range = view === undefined ? undefined : rangeOf(view.state.doc.toString(), issue);
      if (view === undefined || range === undefined) return;
      view.dispatch({ selection: { anchor: range.from }, scrollIntoView: true });
      view.focus();
    },
  }), []);

  return <div ref={hostRef} data-slot="cedar-editor" className="min-w-0 overflow-hidden rounded-control border border-input bg-card focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-ring" />;
};
