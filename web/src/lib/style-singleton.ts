import { useEffect } from 'react';

/**
 * Stands in for the package `react-style-singleton` (see vite.config.ts), which scroll locking of dialogs uses.
 * The original appends a <style> element, which a strict content security policy refuses; a constructable
 * stylesheet does the same and is allowed.
 */
export const stylesheetSingleton = (): { add: (css: string) => void; remove: () => void } => {
  let users = 0;
  let sheet: CSSStyleSheet | undefined;
  return {
    add(css) {
      if (users === 0) {
        sheet = new CSSStyleSheet();
        sheet.replaceSync(css);
        document.adoptedStyleSheets.push(sheet);
      }
      users += 1;
    },
    remove() {
      users -= 1;
      if (users > 0 || sheet === undefined) return;
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
      sheet = undefined;
    },
  };
};

/** A hook that holds the sheet while its component is mounted. */
export const styleHookSingleton = (): ((css: string, isDynamic?: boolean) => void) => {
  const sheet = stylesheetSingleton();
  return (css, isDynamic) => {
    useEffect(() => {
      sheet.add(css);
      return () => sheet.remove();
      // As in the package this stands in for: styles change only when they are declared dynamic.
      // oxlint-disable-next-line react-hooks/exhaustive-deps
    }, [css && isDynamic]);
  };
};

/** A component form of {@link styleHookSingleton}. */
export const styleSingleton = (): ((props: { styles: string; dynamic?: boolean }) => null) => {
  const useStyle = styleHookSingleton();
  return function Sheet({ styles, dynamic }) {
    useStyle(styles, dynamic);
    return null;
  };
};
