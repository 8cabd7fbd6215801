import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { precompress } from './precompress.js';

/** Address of a running server for `npx vite web`, which serves the sources and reloads them. */
const SERVER = process.env.CONSOLE_SERVER ?? 'http://127.0.0.1:3000';

export default defineConfig({
  plugins: [svelte(), precompress()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2023',
    // The content security policy allows neither `data:` addresses nor inline scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    license: { fileName: 'licenses.md' },
    reportCompressedSize: false,
  },
  server: { proxy: { '/api': SERVER, '/console': SERVER, '/docs': SERVER } },
});
