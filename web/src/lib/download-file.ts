import { api } from './api-client.ts';
import { toApiError } from './api-error.ts';
import { saveBlob } from './save-file.ts';

/**
 * Fetches a file of the api with the session's token and has the browser save it. The bytes are never opened by the page.
 * @throws ApiError with the server's code.
 */
export const downloadFile = async (path: string, name: string): Promise<void> => {
  const response = await api.fetchAuthorized(path);
  if (!response.ok) throw await toApiError(response);
  saveBlob(name, await response.blob());
};
