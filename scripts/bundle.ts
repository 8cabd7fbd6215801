import { isBuiltin } from 'node:module';
import { defineConfig } from 'vite';

/** Addons, files that are served, what is loaded by a name that is known at run time only, and what must run before all else. */
const EXTERNAL = ['better-sqlite3', 'mysql2', 'reflect-metadata', 'swagger-ui-dist'];

/**
 * Makes few files of the compiled server and the libraries that it uses, because Node takes longer to find and to link two
 * thousand files than to run them. ADR 50.
 */
export default defineConfig({
  build: {
    ssr: true,
    outDir: 'dist',
    emptyOutDir: true,
    target: 'node20.19',
    minify: false,
    license: { fileName: 'licenses.md' },
    reportCompressedSize: false,
    rolldownOptions: {
      input: ['main', 'cli', 'openapi'].map((name) => `build/${name}.js`),
      // Class names are the names of providers, entities and schemas.
      output: { keepNames: true, entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      external: (id) => isBuiltin(id) || EXTERNAL.some((name) => id === name || id.startsWith(`${name}/`)),
    },
  },
  ssr: { noExternal: true, external: EXTERNAL },
});
