import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { LiveRegion } from './components/layout/live-region.tsx';
import { Toaster } from './components/ui/toaster.tsx';
import { api } from './lib/api-client.ts';
import { applyTheme, watchPreferences } from './lib/preferences.ts';
import { createQueryClient } from './lib/query-client.ts';
import { createAppRouter } from './router.ts';
import './styles/app.css';

const queryClient = createQueryClient();
const router = createAppRouter(queryClient);
applyTheme();
watchPreferences();

// Signing out leads to the sign-in page from wherever one is.
api.session.subscribe(() => {
  if (api.session.state.status === 'signed_out') void router.invalidate();
});

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <LiveRegion />
      <RouterProvider router={router} />
      <Toaster />
    </QueryClientProvider>
  </StrictMode>,
);
