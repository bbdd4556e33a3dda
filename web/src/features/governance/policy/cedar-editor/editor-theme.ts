import { EditorView } from '@codemirror/view';

/** The editor in the app's tokens, which reach into its shadow root; right in both themes without being told which is on. */
export const editorTheme = EditorView.theme({
  '&': { color: 'var(--foreground)', backgroundColor: 'var(--card)', fontSize: '13px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-mono, ui-monospace, monospace)', lineHeight: '20px', minHeight: '16rem', maxHeight: '70vh' },
  '.cm-content': { padding: '8px 0', caretColor: 'var(--foreground)' },
  '.cm-cursor': { borderLeftColor: 'var(--foreground)' },
  '.cm-gutters': { color: 'var(--muted-foreground)', backgroundColor: 'var(--card)', borderRight: '1px solid var(--border)' },
  '.cm-activeLine': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine': { backgroundColor: 'color-mix(in oklch, var(--primary) 6%, transparent)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': { background: 'color-mix(in oklch, var(--primary) 30%, transparent)' },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'color-mix(in oklch, var(--primary) 20%, transparent)' },
  '.cm-tooltip': { color: 'var(--foreground)', backgroundColor: 'var(--card)', border: '1px solid var(--input)', borderRadius: '6px', width: 'max-content', maxWidth: 'min(28rem, 100vw - 32px)' },
  '.cm-tooltip.cm-tooltip-autocomplete': { boxShadow: 'var(--overlay-shadow)', overflow: 'hidden' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--font-mono, ui-monospace, monospace)', minWidth: 'min(18rem, 100vw - 34px)', maxWidth: '100%', maxHeight: '19rem' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { display: 'flex', flexWrap: 'wrap', alignItems: 'baseline', columnGap: '12px', minHeight: '24px', padding: '4px 10px', lineHeight: '18px', overflowWrap: 'anywhere', whiteSpace: 'normal' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': { color: 'var(--primary-foreground)', backgroundColor: 'var(--primary)' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
  '.cm-completionDetail, .cm-cedarMeaning': { marginLeft: '0', fontFamily: 'var(--font-sans, system-ui)', fontSize: '12px', lineHeight: '16px', fontStyle: 'normal', color: 'var(--muted-foreground)' },
  'li[aria-selected] > .cm-completionDetail, li[aria-selected] > .cm-cedarMeaning': { color: 'inherit' },
  '.cm-cedarMeaning': { display: 'block', flexBasis: '100%' },
  '.cm-cedarHover': { display: 'block', padding: '6px 10px', overflowWrap: 'anywhere' },
  '.cm-cedarName': { fontFamily: 'var(--font-mono, ui-monospace, monospace)', fontWeight: '600', marginRight: '8px' },
  '.cm-diagnostic': { padding: '6px 10px', whiteSpace: 'pre-wrap', fontFamily: 'var(--font-sans, system-ui)' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--destructive)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--state-waiting-solid)' },
  // A phone zooms into what is set smaller than 16 px.
  '@media (max-width: 639.98px)': {
    '&': { fontSize: '16px' },
    '.cm-scroller': { lineHeight: '24px' },
    '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { minHeight: '44px', alignContent: 'center' },
  },
  '@media (forced-colors: active)': { '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': { outline: '2px solid Highlight', outlineOffset: '-2px' } },
});
