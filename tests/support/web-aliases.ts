// Lets plain Node load the web app's api client: the aliases that Vite and vitest know. Import this first, the rest dynamically.
import { registerHooks } from 'node:module';

const roots: Record<string, URL> = { '@contracts/': new URL('../../contracts/', import.meta.url), '@/': new URL('../../web/src/', import.meta.url) };

registerHooks({
  resolve(specifier, context, nextResolve) {
    const alias = Object.keys(roots).find((prefix) => specifier.startsWith(prefix));
    return alias === undefined ? nextResolve(specifier, context) : nextResolve(new URL(specifier.slice(alias.length), roots[alias]).href, context);
  },
});
