import { saveFile } from '@/lib/save-file.ts';

/** Gives the reader `value` as a JSON file. */
export const saveJson = (name: string, value: unknown): void => saveFile(name, 'application/json', `${JSON.stringify(value, null, 2)}\n`);
