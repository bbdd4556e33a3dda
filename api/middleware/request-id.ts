import type { RequestHandler } from 'express';
import { newId } from '../../platform/ids.ts';

/** A caller's own id is kept when it is harmless in logs and headers. */
const usableId = /^[A-Za-z0-9._-]{1,64}$/;

/** Gives every request an id, sent back as `X-Request-Id`. */
export const requestId: RequestHandler = (request, response, next) => {
  const given = request.get('x-request-id');
  const id = given !== undefined && usableId.test(given) ? given : newId();
  response.locals['requestId'] = id;
  response.set('x-request-id', id);
  next();
};
