import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What `npm run build` makes, each with everything it is made of. */
const products = {
  web: { result: 'dist/web/index.html', marker: 'dist/.web-hash', sources: ['web', 'contracts', 'package-lock.json'] },
  workflows: { result: 'dist/workflow-bundle.js', marker: 'dist/.workflows-hash', sources: ['workflows', 'temporal/names.ts', 'contracts', 'package-lock.json'] },
} as const;
export type BuildProduct = keyof typeof products;

/** Not a source: tests, and the route tree, which the build itself writes. */
const isSource = (path: string): boolean => !/\.(test|spec)\.tsx?$|routeTree\.gen\.ts$/.test(path);

async function filesOf(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true, recursive: true }).catch(() => undefined);
  return entries === undefined ? [path] : entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** One hash over names and bytes of everything `product` is made of. */
export async function sourceHash(product: BuildProduct): Promise<string> {
  const files = (await Promise.all(products[product].sources.map((source) => filesOf(join(root, source))))).flat().filter(isSource).toSorted();
  const contents = await Promise.all(files.map((file) => readFile(file)));
  const hash = createHash('sha256');
  files.forEach((file, index) => hash.update(`${relative(root, file)}\0${contents[index]?.length}\0`).update(contents[index] as Buffer));
  return hash.digest('hex');
}

/** Whether `product` lies in `dist/` and was made of these very sources. */
export async function isBuilt(product: BuildProduct): Promise<boolean> {
  const { result, marker } = products[product];
  if (!existsSync(join(root, result)) || !existsSync(join(root, marker))) return false;
  return readFileSync(join(root, marker), 'utf8') === (await sourceHash(product));
}

/** Remembers that `product` was made of sources with this hash. */
export const markBuilt = (product: BuildProduct, hash: string): void => writeFileSync(join(root, products[product].marker), hash);
