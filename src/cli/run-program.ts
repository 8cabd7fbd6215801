import { readableError } from './readable-error.js';

/** Runs a program. A failure becomes a readable line on standard error and exit code 1. */
export async function runProgram(main: () => Promise<unknown>): Promise<void> {
  try {
    await main();
  } catch (error) {
    process.stderr.write(`${readableError(error)}\n`);
    process.exit(1);
  }
}
