import { streamEndpoints } from '@contracts/endpoints.ts';
import type { OutputFile } from '@contracts/run-files.ts';
import { queryOptions } from '@tanstack/react-query';
import { api, fillPath } from '@/lib/api-client.ts';
import { toApiError } from '@/lib/api-error.ts';
import { apiQuery } from '@/lib/api-query.ts';

/** The files of a run, oldest first. */
export const runFilesQuery = (runId: string) => apiQuery('listRunFiles', { params: { run_id: runId } });

/** Where the bytes of a file of a run are. */
export const pathOfFile = (runId: string, fileId: string): string => fillPath(streamEndpoints.runFile.path, { run_id: runId, file_id: fileId });

const readFile = async (runId: string, fileId: string, signal: AbortSignal): Promise<Blob> => {
  const response = await api.fetchAuthorized(pathOfFile(runId, fileId), { signal });
  if (!response.ok) throw await toApiError(response);
  return response.blob();
};

/** As an address an image can show and the page's content security policy allows. The type is ours, whatever the server says. */
const toDataUrl = (blob: Blob, mediaType: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error ?? new Error('the file could not be read'));
    reader.readAsDataURL(new Blob([blob], { type: mediaType }));
  });

// A file never changes; what is not shown any more is forgotten soon, since it may be large.
const keep = { staleTime: Number.POSITIVE_INFINITY, gcTime: 30_000 };

/** An image of a run as a data URL. */
export const imageQuery = (runId: string, file: OutputFile) =>
  queryOptions({ queryKey: ['runFile', runId, file.id, 'image'] as const, queryFn: async ({ signal }) => toDataUrl(await readFile(runId, file.id, signal), file.media_type.toLowerCase()), ...keep });

/** A file of a run as text; bytes that are no UTF-8 become replacement characters. */
export const textQuery = (runId: string, file: OutputFile) =>
  queryOptions({ queryKey: ['runFile', runId, file.id, 'text'] as const, queryFn: async ({ signal }) => (await readFile(runId, file.id, signal)).text(), ...keep });
