import { readFileSync } from 'node:fs';

/** The statements of a script of `deploy` for loopback. None of them contains a semicolon. */
export function statementsOf(file: string): string[] {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => !line.startsWith('--'));
  const statements = lines.join('\n').replaceAll('10.0.0.%', '127.0.0.1').split(';');
  return statements.filter((statement) => statement.trim() !== '');
}
