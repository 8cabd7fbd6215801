// npm run check: what every change must pass. Two lanes use two cores; each step of a lane needs the one before it to pass.
import { spawn } from 'node:child_process';

const LANES = [
  [
    'prettier --check --cache .',
    'eslint --cache --cache-strategy content --cache-location node_modules/.cache/eslint/ .',
    'depcruise --cache node_modules/.cache/depcruise --cache-strategy content src',
  ],
  [
    'tsc --noEmit --incremental --tsBuildInfoFile node_modules/.cache/check.tsbuildinfo',
    'npm run -s web:check',
    'npm run -s unused',
  ],
];

/** @returns whether the command succeeded; its output is printed at once, so that lanes do not mix */
function run(command) {
  return new Promise((resolve) => {
    const child = spawn(command, { shell: true });
    const output = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk));
    child.on('close', (code) => {
      process.stdout.write(`> ${command}\n`);
      process.stdout.write(Buffer.concat(output));
      resolve(code === 0);
    });
  });
}

async function runLane(commands) {
  for (const command of commands) if (!(await run(command))) return false;
  return true;
}

const passed = (await Promise.all(LANES.map(runLane))).every(Boolean);
process.exitCode = passed && (await run('npm run -s test:small')) ? 0 : 1;
