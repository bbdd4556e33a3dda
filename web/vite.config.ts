import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import { tanstackRouter } from '@tanstack/router-plugin/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { leftOut } from './build/left-out.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Address of the api the dev server passes requests on to. */
const apiOrigin = process.env.MAESTRO_API_ORIGIN ?? 'http://127.0.0.1:8000';

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
    leftOut,
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
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // What every page starts with is one file: it is smaller packed together, and one request.
            { name: 'shell', tags: ['$initial'], priority: 1 },
            // What the same pages need comes together, so that a page loads what it uses and no more.
            { name: 'shared', minShareCount: 2, entriesAware: true },
          ],
        },
      },
    },
  },
  server: {
    host: '127.0.0.1',
    proxy: Object.fromEntries(
      ['/api', '/healthz', '/readyz'].map((path) => [path, { target: apiOrigin, changeOrigin: true }]),
    ),
  },
});
