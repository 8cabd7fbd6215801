/** The layers of docs/architecture.md as enforced rules. */
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'platform-knows-no-feature',
      severity: 'error',
      from: { path: '^src/platform' },
      to: { path: '^src/(?!platform|config)' },
    },
    {
      name: 'config-imports-pure-platform-code-only',
      severity: 'error',
      from: { path: '^src/config' },
      to: { path: '^src/(?!config|platform/(time|net)/)' },
    },
    {
      name: 'directory-and-audit-do-not-know-sessions',
      severity: 'error',
      from: { path: '^src/modules/(directory|audit)/' },
      to: { path: '^src/modules/(sessions|statistics|ingestion|importers)/' },
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
        pathNot: '^src/platform/(database|files)/|\\.(repository|queries|entity)\\.ts$|^src/(serve|cli/context)\\.ts$',
      },
      to: { path: 'node_modules/(typeorm|mysql2|better-sqlite3)' },
    },
    {
      name: 'only-repositories-and-modules-import-entities',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.(repository|queries|module|entity)\\.ts$|^src/entities\\.ts$' },
      to: { path: '\\.entity\\.ts$' },
    },
    {
      name: 'only-the-documentation-loads-swagger',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/app\\.docs\\.ts$' },
      to: { path: 'node_modules/@nestjs/swagger', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'the-start-does-not-load-the-documentation',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/openapi\\.ts$' },
      to: { path: '^src/app\\.docs\\.ts$', dynamic: false },
    },
    {
      name: 'modules-meet-at-services',
      severity: 'error',
      from: { path: '^src/modules/([^/]+)/' },
      to: {
        path: '^src/modules/([^/]+)/',
        pathNot:
          '^src/modules/$1/|\\.(module|service)\\.ts$|^src/modules/[^/]+/port/|/entities/[^/]+\\.entity\\.ts$|ingestion/pipeline/ingest-record\\.ts$|sessions/(domain/time-window|dto/window\\.query|search/dto/session\\.response|changes/session-contents\\.repository)\\.ts$|^src/modules/changes/(tree/|checkpoints/|log/change-entry\\.ts$)',
      },
    },
    {
      name: 'commands-import-their-work-when-they-run',
      comment: 'Help and version would otherwise load the whole application.',
      severity: 'error',
      from: { path: '^src/cli\\.ts$|^src/cli/.*\\.command\\.ts$' },
      to: {
        dynamic: false,
        dependencyTypesNot: ['type-only', 'core'],
        pathNot:
          '\\.(command|scopes)\\.ts$|/port/|^src/cli/run-program|^src/config/(version|program-name)|^src/platform/(time/|http/scopes)|^node_modules/(commander|reflect-metadata)/|/(csv-options|export-options|format-names|overlap)\\.ts$',
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
