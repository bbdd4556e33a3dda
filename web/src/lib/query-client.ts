import { AppError } from '@contracts/errors.ts';
import { QueryClient } from '@tanstack/react-query';

/** The query cache: answers count as fresh for 10 s (live events refresh them sooner), and only what may help is retried. */
export const createQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (failures, error) => failures < 2 && error instanceof AppError && error.retryable,
        retryDelay: (failures) => Math.min(1000 * 2 ** failures, 8000),
        // The browser's idea of "offline" is often wrong on localhost and in private networks: ask the server instead.
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  });
