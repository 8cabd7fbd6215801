/** The picture of docs/architecture.md as rules that fail. */
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'common-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^src/common' },
      to: { path: '^src/(?!common)' },
    },
    {
      name: 'config-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^src/config' },
      to: { path: '^src/(?!config|common)' },
    },
    {
      name: 'database-knows-entities-only',
      severity: 'error',
      from: { path: '^src/database' },
      to: { path: '^src/modules', pathNot: '\\.entity\\.ts$' },
    },
    {
      name: 'controllers-never-reach-sql',
      severity: 'error',
      from: { path: '\\.controller\\.ts$' },
      to: { path: '\\.(repository|queries|entity)\\.ts$' },
    },
    {
      name: 'only-the-database-and-repositories-touch-typeorm',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: '^src/database|\\.(repository|queries|entity)\\.ts$|^src/(serve|cli/context)\\.ts$',
      },
      to: { path: 'node_modules/(typeorm|mysql2|better-sqlite3)' },
    },
    {
      name: 'modules-meet-at-services',
      severity: 'error',
      from: { path: '^src/modules/([^/]+)/' },
      to: {
        path: '^src/modules/([^/]+)/',
        pathNot: '^src/modules/$1/|\\.(module|service)\\.ts$|ingest/ingest-record\\.ts$|sessions/time-window\\.ts$',
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.spec\\.ts$' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js'],
      conditionNames: ['import', 'node', 'default'],
      exportsFields: ['exports'],
    },
  },
};
