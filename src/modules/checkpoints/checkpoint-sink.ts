import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Writes the line of a checkpoint to a destination from which it can be shipped to another machine.
 *
 * @param target path of a file, `stdout`, or `off`
 */
export async function shipCheckpoint(line: string, target: string): Promise<void> {
  if (target === 'off') return;
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
