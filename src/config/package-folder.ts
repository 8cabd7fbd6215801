import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json. Found by a walk up, because the build moves modules to other folders. */
export const PACKAGE_FOLDER = folderOf(fileURLToPath(import.meta.url));

function folderOf(path: string): string {
  const folder = dirname(path);
  if (existsSync(join(folder, 'package.json'))) return folder;
  if (folder === path) throw new Error('The program is not in a folder with a package.json.');
  return folderOf(folder);
}
