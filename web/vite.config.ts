import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import { tanstackRouter } from '@tanstack/router-plugin/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Address of the api the dev server passes requests on to. */
const apiOrigin = process.env.MAESTRO_API_ORIGIN ?? 'http://127.0.0.1:8000';

/**
 * Sonner puts its styles into the page by a <style> element, which `style-src 'self'` refuses.
 * The same rules come from its stylesheet (imported in styles/app.css), so the injection is left out.
 */
const withoutInjectedSonnerStyles = (): Plugin => ({
  name: 'maestro:without-injected-sonner-styles',
  enforce: 'pre',
  transform(code, id) {
    if (!/sonner\/dist\/index\.mjs/.test(id)) return null;
    const start = code.search(/^__insertCSS\("/m);
    if (start < 0) throw new Error('sonner no longer injects its styles this way: look at this plugin again');
    const end = code.indexOf('\n', start);
    return { code: code.slice(0, start) + code.slice(end), map: null };
  },
});

export default defineConfig({
  root: here('.'),
  plugins: [
    tanstackRouter({
      target: 'react',
      routesDirectory: here('./src/routes'),
      generatedRouteTree: here('./src/routeTree.gen.ts'),
      autoCodeSplitting: true,
      quoteStyle: 'single',
      semicolons: true,
      addExtensions: true,
      routeFileIgnorePattern: '\\.test\\.',
    }),
    react(),
    tailwindcss(),
    withoutInjectedSonnerStyles(),
  ],
  resolve: {
    alias: [
      { find: /^@\//, replacement: `${here('./src')}/` },
      { find: /^@contracts\//, replacement: `${here('../contracts')}/` },
      // Scroll locking of dialogs injects a <style> element; ours uses a constructable stylesheet, which the CSP allows.
      { find: 'react-style-singleton', replacement: here('./src/lib/style-singleton.ts') },
    ],
  },
  // In development the dependency is pre-bundled as shipped, so the transform above would not see it.
  optimizeDeps: { exclude: ['sonner'] },
  build: {
    outDir: here('../dist/web'),
    emptyOutDir: true,
    manifest: true,
    target: 'es2023',
    // Source maps are for the people who run it; they are not part of what a browser loads.
    sourcemap: 'hidden',
    assetsInlineLimit: 0,
  },
  server: {
    host: '127.0.0.1',
    proxy: Object.fromEntries(
      ['/api', '/healthz', '/readyz'].map((path) => [path, { target: apiOrigin, changeOrigin: true }]),
    ),
  },
});
