import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Checkpoint, checkpointLine } from './checkpoint.js';

/**
 * Writes checkpoints to a destination from which they can be shipped to another machine.
 *
 * @param target path of a file, `stdout`, or `off`
 */
export async function sendCheckpoint(checkpoint: Checkpoint, target: string): Promise<void> {
  if (target === 'off') return;
  const line = checkpointLine(checkpoint);
  if (target === 'stdout') return void process.stdout.write(line);
  await mkdir(dirname(target), { recursive: true });
  const file = await open(target, 'a', 0o644);
  try {
    await file.write(line);
    await file.datasync();
  } finally {
    await file.close();
  }
}
