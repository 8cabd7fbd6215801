// node supervise.mjs '{"directory": …, "commands": [[program, argument…], …]}'
// Runs the commands in sequence; the last one is a server. When standard input closes, kills the running command and
// removes the directory. Standard input also closes when the parent is killed, so no server outlives a test run.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const { directory, commands } = JSON.parse(process.argv[2]);
const log = openSync(join(directory, 'server.log'), 'a');
let running;
let ending = false;

function end() {
  ending = true;
  try {
    process.kill(-running.pid, 'SIGKILL'); // the process group, because an installer is a script with children
  } catch {
    // already gone
  }
}

process.stdin.resume().on('close', end);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end);

for (const [program, ...args] of commands) {
  if (ending) break;
  running = spawn(program, args, { stdio: ['ignore', log, log], detached: true });
  const [code] = await once(running, 'exit');
  if (code !== 0) break;
}
// After a failed command the directory stays, because the parent reads the log.
if (ending) rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
process.exit(ending ? 0 : 1);
