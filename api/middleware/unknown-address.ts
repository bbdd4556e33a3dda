import type { RequestHandler } from 'express';
import { endpoints, streamEndpoints } from '../../contracts/endpoints.ts';
import { AppError } from '../../contracts/errors.ts';

const addresses = [...Object.values(endpoints), ...Object.values(streamEndpoints)].map(({ method, path }) => ({
  method: method.toUpperCase(),
  pattern: new RegExp(`^${path.replaceAll(/:[a-z_]+/g, '[^/]+')}/?$`),
}));

/** Methods an address of the contract takes; empty when there is no such address. */
const methodsOf = (path: string): string[] => {
  const methods = new Set(addresses.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method));
  if (methods.has('GET')) methods.add('HEAD');
  return [...methods];
};

/** The end of the line under `/api`: 405 with `Allow` when the address exists, 404 when it does not. */
export const unknownAddress: RequestHandler = (request, response) => {
  const methods = methodsOf(request.baseUrl + request.path);
  if (methods.length === 0) throw new AppError('ROUTE_NOT_FOUND');
  response.set('allow', methods.join(', '));
  throw new AppError('METHOD_NOT_ALLOWED', undefined, { details: { allowed_methods: methods } });
};
