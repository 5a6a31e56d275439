import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Every asset is a file of its own: the page's policy allows no inline script, style or font. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/console/',
  plugins: [react()],
  build: {
    target: 'es2023',
    outDir: 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // One file: a page that is open goes on working while the server is replaced under it.
    chunkSizeWarningLimit: 2_000,
  },
});
