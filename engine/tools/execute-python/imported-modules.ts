/**
 * Top-level module names a program's import statements name, sorted. Read from the text alone, for policy and display:
 * an import made in another way (`__import__`, `importlib`) is not seen, and text inside a string may look like one.
 */
export const importedModules = (code: string): string[] => {
  const modules = new Set<string>();
  for (const line of code.split(/[\n;]/)) {
    const from = /^\s*from\s+([A-Za-z_]\w*)[\w.]*\s+import\b/.exec(line)?.[1];
    if (from !== undefined) modules.add(from);
    const list = /^\s*import\s+([^#]+)/.exec(line)?.[1] ?? '';
    for (const item of list.split(',')) {
      const name = /^\s*([A-Za-z_]\w*)/.exec(item)?.[1];
      if (name !== undefined) modules.add(name);
    }
  }
  return [...modules].toSorted();
};
