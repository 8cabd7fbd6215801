import { isBuiltin } from 'node:module';
import { defineConfig } from 'vite';

/** Compiled addons, and what is loaded by a name that is only known at run time. */
const EXTERNAL = ['better-sqlite3', 'mysql2', 'swagger-ui-dist'];

/**
 * Makes few files of the compiled server and the libraries that it uses, because Node takes longer to find and to link two
 * thousand files than to run them. ADR 50.
 */
export default defineConfig({
  build: {
    ssr: true,
    outDir: 'dist',
    emptyOutDir: false,
    target: 'node20.19',
    minify: false,
    license: { fileName: 'licenses.md' },
    reportCompressedSize: false,
    rolldownOptions: {
      input: ['main', 'cli', 'openapi'].map((name) => `dist/compiled/${name}.js`),
      // Class names are the names of providers, entities and schemas.
      output: { keepNames: true, entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      external: (id) => isBuiltin(id) || EXTERNAL.some((name) => id === name || id.startsWith(`${name}/`)),
    },
  },
  ssr: { noExternal: true, external: EXTERNAL },
});
