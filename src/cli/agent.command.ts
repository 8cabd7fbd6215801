import { hostname } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { TimeZone } from '../platform/time/time-zone.js';
import { TRACKED_SOURCES, type TrackedSource } from '../modules/importers/port/tracked-source.js';

interface Options {
  server: string;
  allowHttp?: boolean;
  keyFile: string;
  source: TrackedSource;
  path?: string;
  state: string;
  host: string;
  timeZone: string;
  poll: number;
  heartbeat: number;
  maxRetry: number;
  maxSpool: number;
}

const DEFAULT_PATHS: Readonly<Record<TrackedSource, string | undefined>> = {
  wtmp: '/var/log/wtmp',
  authlog: '/var/log/auth.log',
  journald: undefined,
};
const MEBIBYTE = 1024 * 1024;

/** Runs on the audited machines. It opens no database and only talks to the server. */
export function agentCommand(): Command {
  return new Command('agent')
    .description('follow a log of this machine and send its sessions to a server')
    .requiredOption('--server <url>', 'address of the server, such as https://audit.example.org')
    .option('--allow-http', 'allow an unencrypted connection, which reveals the key, to another machine')
    .requiredOption('--key-file <file>', 'file with an API key of scope ingest:write, readable only by its owner')
    .addOption(new Option('--source <name>', 'kind of log to follow').choices(TRACKED_SOURCES).makeOptionMandatory())
    .option('--path <path>', 'path of the log (default: its usual path on Linux); journald: a directory of journals')
    .requiredOption('--state <dir>', 'folder for the spool and the saved position; each agent needs a separate one')
    .option('--host <name>', 'name of this machine, for entries without one', hostname())
    .option('--time-zone <zone>', 'IANA time zone of timestamps without an offset', zoneOf, 'UTC')
    .option('--poll <seconds>', 'seconds between two reads of the log', seconds, 1)
    .option('--heartbeat <seconds>', 'seconds between two heartbeats of open sessions', seconds, 60)
    .option('--max-retry <seconds>', 'longest pause between two attempts to send, in seconds', seconds, 300)
    .option('--max-spool <MiB>', 'maximum size of the spool; reading pauses when it is reached', seconds, 256)
    .action(runAgent);
}

async function runAgent(options: Options): Promise<void> {
  const [{ Agent }, { parseServer }] = await Promise.all([
    import('../modules/agent/agent.js'),
    import('../modules/agent/agent-options.js'),
  ]);
  const agent = new Agent({
    server: parseServer(options.server, options.allowHttp ?? false),
    ...{ keyFile: options.keyFile, source: options.source, path: options.path ?? DEFAULT_PATHS[options.source] },
    ...{ state: options.state, host: options.host, timeZone: options.timeZone },
    ...{ pollMs: options.poll * 1000, heartbeatMs: options.heartbeat * 1000, maxRetryMs: options.maxRetry * 1000 },
    maxSpoolBytes: options.maxSpool * MEBIBYTE,
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => agent.stop());
  await agent.run();
}

function seconds(text: string): number {
  if (!/^\d{1,6}(\.\d{1,3})?$/.test(text) || Number(text) <= 0)
    throw new InvalidArgumentError('must be a number above 0.');
  return Number(text);
}

function zoneOf(text: string): string {
  try {
    return new TimeZone(text).id;
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}
