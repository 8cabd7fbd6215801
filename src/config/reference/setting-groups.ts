import type { AppConfig } from '../app-config.js';

/** The variables: every field of the configuration except what is derived from others. */
export type SettingName = {
  [Name in keyof AppConfig]: Name extends Uppercase<Name> ? Name : never;
}[keyof AppConfig];

export interface SettingGroup {
  readonly title: string;
  readonly settings: Partial<Readonly<Record<SettingName, string>>>;
}

/** Limits that each process counts separately. With WORKERS, each worker is a process. */
const PER_PROCESS: readonly SettingName[] = [
  ...(['DB_POOL_SIZE', 'MAX_DOWNLOADS', 'DOWNLOADS_PER_CALLER', 'ANSWERS_PER_CALLER'] as const),
  ...(['MAX_INGESTS', 'INGESTS_PER_CALLER', 'RATE_LIMIT', 'AUTH_FAILURE_LIMIT'] as const),
  ...(['MAX_CONNECTIONS', 'CONNECTIONS_PER_ADDRESS'] as const),
];

export function isPerProcess(name: SettingName): boolean {
  return PER_PROCESS.includes(name);
}

/** What each variable means, in the order of the reference. A test requires that each is described exactly once. */
export const SETTING_GROUPS: readonly SettingGroup[] = [
  {
    title: 'Database',
    settings: {
      DATABASE_URL:
        '`sqlite:<path>`, or `mysql://user:password@host:port/database` for MySQL and MariaDB. `?ssl-mode=` chooses TLS; see security.md.',
      DATABASE_READ_URL:
        'Replicas that answer windows, lists, statistics and exports, separated by commas; a comma in a password is `%2C`. See operations.md.',
      DATABASE_READ_MAX_LAG: 'Age of the state of a replica above which it is left out until it has caught up.',
      DATABASE_CA_FILE: 'Authorities in PEM that certificates of the database server are verified with.',
      DATABASE_CERT_FILE: 'Client certificate in PEM, for accounts that the database server requires one of.',
      DATABASE_KEY_FILE: 'Its private key, without a passphrase.',
      DB_POOL_SIZE: 'Connections for writes, and as many for short reads.',
      POOL_TIMEOUT: 'Longest wait for a connection. Then the answer is 503 with `Retry-After`.',
      STATEMENT_TIMEOUT: 'Time limit of a statement on the database server.',
      TRANSACTION_TIMEOUT: 'Time limit of a transaction that writes. Then its connection is closed.',
    },
  },
  {
    title: 'Server',
    settings: {
      HOST: 'Address to listen on.',
      PORT: 'Port to listen on; 0 takes a free one.',
      WORKERS: 'Processes that share the port, to use several cores; see operations.md. Not on SQLite.',
      TLS_CERT_FILE: 'Certificate in PEM, to serve TLS. SIGHUP reads both files again.',
      TLS_KEY_FILE: 'Its private key.',
      TRUSTED_PROXIES: 'Proxies whose `X-Forwarded-For` header is believed.',
      CORS_ORIGINS: 'Origins whose pages may call the API from a browser.',
      LOG_LEVEL: 'Least severe messages that are logged.',
      LOG_FORMAT: 'Form of the log.',
      REQUEST_LOG: 'Whether each request is logged in one line, whatever LOG_LEVEL is; see operations.md.',
      METRICS_LISTEN: 'Address on which `GET /metrics` is served without a key, in the format of Prometheus.',
      OTEL_EXPORTER_OTLP_ENDPOINT:
        'Address of an OpenTelemetry collector that receives traces over HTTP (OTLP); see operations.md.',
    },
  },
  {
    title: 'Sessions',
    settings: {
      API_TIME_ZONE: 'IANA time zone of dates without an offset, and of dates in answers.',
      LOST_AFTER: 'Silence after which a session without a logout counts as ended with its last sign of life.',
      IDLE_TIMEOUT: 'Longest time that one activity counts as active.',
    },
  },
  {
    title: 'Limits',
    settings: {
      MAX_DOWNLOADS: 'Concurrent answers above 1 MiB. Each uses one additional connection to the database.',
      DOWNLOADS_PER_CALLER: 'The same for one caller.',
      ANSWERS_PER_CALLER:
        'Answers of one caller that are computed at the same time, up to their first MiB. Further ones wait for their turn.',
      MAX_INGESTS: 'Concurrent ingestion requests. Another one gets 503 with `Retry-After`.',
      INGESTS_PER_CALLER: 'The same for one caller. Another one gets 429 with `Retry-After`.',
      RATE_LIMIT: 'Calls of one caller.',
      AUTH_FAILURE_LIMIT: 'Failed authentications from one address.',
      STALL_TIMEOUT: 'Time limit of a transfer without progress.',
      DOWNLOAD_TIMEOUT: 'Time limit of a long answer in total.',
      MAX_CONNECTIONS:
        'Open connections. Fewer if the process may not open two file descriptors for each; further ones are closed.',
      CONNECTIONS_PER_ADDRESS:
        'Open connections of one address (IPv6: of one /64 network). Further ones are closed. Trusted proxies are exempt.',
      HEADERS_TIMEOUT: 'Time limit for the headers of a request.',
      REQUEST_TIMEOUT: 'Time limit for a whole request.',
      KEEP_ALIVE_TIMEOUT: 'Time limit of an idle connection.',
      SHUTDOWN_DELAY:
        'Time after SIGTERM during which the process still serves, while `/health/ready` reports that it is not ready.',
      SHUTDOWN_TIMEOUT:
        'Time after that for the requests that are running. Then their connections are closed, and the process ends.',
    },
  },
  {
    title: 'Audit',
    settings: {
      AUDIT_SIGNING_KEY:
        'File of the key that signs checkpoints of the audit and of the change log. It is created when it is missing.',
      AUDIT_CHECKPOINTS: 'Destination of checkpoints: a file, `stdout` or `off`.',
      AUDIT_CHECKPOINT_RECORDS: 'Most records, or entries of the change log, between two checkpoints.',
      AUDIT_CHECKPOINT_INTERVAL: 'Longest time between two checkpoints.',
    },
  },
  {
    title: 'Console',
    settings: {
      CONSOLE: 'Whether the web console is served, and logins to it are possible.',
      CONSOLE_URL:
        'Address of the console as browsers see it, for a proxy that changes the scheme or the host. Empty: as in each request.',
      CONSOLE_IDLE_MINUTES: 'Minutes without a call after which a login to the console ends.',
      CONSOLE_MAX_HOURS: 'Hours after which a login to the console ends in any case.',
    },
  },
  {
    title: 'Identity provider',
    settings: {
      OIDC_ISSUER: 'Issuer whose access tokens are accepted.',
      OIDC_AUDIENCE: 'Audience that a token must name.',
      OIDC_JWKS_URL: 'Keys of the issuer, where its discovery document does not name them.',
      OIDC_SCOPE_CLAIM: 'Claim that holds the scopes.',
      OIDC_SCOPE_PREFIX: 'Prefix of our scopes in that claim.',
      OIDC_CLIENTS_CLAIM: 'Claim that limits a token to clients.',
      OIDC_CLIENT_ID: 'Id of the console at the issuer, for logins there.',
      OIDC_CLIENT_SECRET: 'Its secret.',
      OIDC_LOGIN_SCOPE: 'Scopes that a login asks for.',
      OIDC_LOGIN_PARAMETERS:
        'Further parameters of a login, such as `resource=…` or `audience=…`, as in a query string.',
      OIDC_LOGIN_LABEL: 'Text of the button that leads to the issuer.',
    },
  },
];
