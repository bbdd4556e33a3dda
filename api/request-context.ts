import type { Request } from 'express';
import type { AppDeps } from './app-deps.ts';

/** The dependencies of the app that serves this request. */
export const depsOf = (request: Request): AppDeps => request.app.locals['deps'] as AppDeps;

/** The id every log line, audit entry and error answer of this request carries. */
export const requestIdOf = (request: Request): string => (request.res?.locals['requestId'] as string | undefined) ?? '';
