import { join } from 'node:path';
import { Router, static as serveFiles } from 'express';

/** Vite names every file below this folder by its content. */
const hashedFolder = /[/\\]assets[/\\]/;

/**
 * The built web app: hashed files are kept for ever by browsers, the page itself is asked for each time. Any other address a
 * browser opens is the page too, since the app routes by itself.
 */
export function webApp(webDir: string): Router {
  const router = Router();
  router.use(
    serveFiles(webDir, {
      index: false,
      dotfiles: 'ignore',
      redirect: false,
      setHeaders: (response, path) => response.setHeader('cache-control', hashedFolder.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache'),
    }),
  );
  router.use((request, response, next) => {
    const isPage = (request.method === 'GET' || request.method === 'HEAD') && request.accepts(['json', 'html']) === 'html' && !hashedFolder.test(request.path);
    if (!isPage) {
      next();
      return;
    }
    response.set('cache-control', 'no-cache');
    response.sendFile(join(webDir, 'index.html'), { dotfiles: 'allow', cacheControl: false }, (error?: Error & { code?: string }) => {
      if (error !== undefined && error.code !== 'ECONNABORTED') next(error);
    });
  });
  return router;
}
