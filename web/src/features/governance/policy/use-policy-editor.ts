import { useEffect, useReducer } from 'react';
import { api } from '@/lib/api-client.ts';
import { type EditorAction, type EditorState, incompleteParts, reduceEditor } from './editor-state.ts';

/** Pause in typing after which the server is asked. */
const checkDelayMs = 300;

/** A policy being written. Form and text are kept in step by the server, which alone says what is right; late answers are dropped. */
export const usePolicyEditor = (initial: () => EditorState): { state: EditorState; dispatch: (action: EditorAction) => void; incomplete: string[]; isChecking: boolean } => {
  const [state, dispatch] = useReducer(reduceEditor, undefined, initial);
  const { lead, edit, cedar, form, checkError } = state;
  const incomplete = lead === 'form' && form !== null ? incompleteParts(form) : [];
  const isWaiting = lead !== 'both' && checkError === undefined && incomplete.length === 0;

  useEffect(() => {
    if (!isWaiting) return undefined;
    const controller = new AbortController();
    const check = (): Promise<void> =>
      api.call('checkPolicy', { body: lead === 'form' && form !== null ? { form } : { cedar }, signal: controller.signal }).then(
        (answer) => dispatch({ type: 'checked', edit, answer }),
        (error: unknown) => {
          if (!controller.signal.aborted) dispatch({ type: 'check-failed', edit, error });
        },
      );
    // What is only opened is checked at once.
    const timer = setTimeout(() => void check(), edit === 0 ? 0 : checkDelayMs);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [isWaiting, lead, edit, cedar, form]);

  return { state, dispatch, incomplete, isChecking: isWaiting };
};
