import type { Plugin } from 'vite';

/** A plugin that edits the code of the modules an id matches. @throws where `edit` answers null: the module is not what it was. */
const editing = (name: string, ids: RegExp, edit: (code: string) => string | null): Plugin => ({
  name: `maestro:${name}`,
  enforce: 'pre',
  transform(code, id) {
    if (!ids.test(id)) return null;
    const edited = edit(code);
    if (edited === null) throw new Error(`${id} is no longer written the way ${name} expects: look at this plugin again`);
    return { code: edited, map: null };
  },
});

/**
 * Sonner puts its styles into the page by a <style> element, which `style-src 'self'` refuses.
 * The same rules come from its stylesheet (imported in styles/app.css), so the injection is left out.
 */
const injectedSonnerStyles = editing('without-injected-sonner-styles', /sonner\/dist\/index\.mjs/, (code) => {
  const start = code.search(/^__insertCSS\("/m);
  return start < 0 ? null : code.slice(0, start) + code.slice(code.indexOf('\n', start));
});

/** Zod makes JSON Schema, which only the server does here; its methods hold on to all of it, so a bundler cannot drop it. */
const jsonSchemaOfZod = editing('without-json-schema-of-zod', /zod\/v4\/core\/(?:json-schema-processors|to-json-schema)\.js/, (code) => {
  const names = [...code.matchAll(/^export (?:const|function) (\w+)/gm)].map(([, name]) => name);
  if (names.length === 0) return null;
  const refuse = "const refuse = () => () => { throw new Error('JSON Schema is made by the server'); };";
  return [refuse, ...names.map((name) => `export const ${name} = refuse;`)].join('\n');
});

/** What an endpoint does, in words, is for the OpenAPI document. */
const summariesOfEndpoints = editing('without-summaries-of-endpoints', /contracts\/endpoints\.ts/, (code) => {
  const without = code.replaceAll(/(?<=[{\s])summary: (?:'[^'\n]*'|"[^"\n]*"),/g, '');
  return without === code ? null : without;
});

/** What the production build leaves out of packages and contracts because no page of the app needs it. */
export const leftOut: Plugin[] = [injectedSonnerStyles, jsonSchemaOfZod, summariesOfEndpoints];
