import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { makeQueryClient } from './api/query-client.ts';
import { App } from './App.tsx';
import { sessionKey } from './session/use-session.ts';
import './style/base.css';
import './style/parts.css';
import './style/shell.css';

const queries = makeQueryClient(() => {
  queries.setQueryData(sessionKey, null);
});

const place = document.getElementById('console');
if (place === null) throw new Error('index.html has no place for the console');
createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
);
