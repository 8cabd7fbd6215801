import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Runs `npm run attack` with few requests and without its build. @returns exit code and output */
async function attack(...args: string[]): Promise<{ code: number; output: string }> {
  const child = spawn('npx', ['tsx', 'attack/attack.ts', '--scale', '0.005', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (output += String(bytes)));
  const [code] = (await once(child, 'close')) as [number];
  return { code, output };
}

describe('npm run attack', () => {
  it('reports what each attack achieved, and ends with 0 because the server holds', async () => {
    const { code, output } = await attack('--only', 'lost answers,malformed,fuzz');
    expect(output).toMatch(/\| lost answers: documentation \| 90 requests on 1 connections, reset \| .* \| yes \|/);
    expect(output).toMatch(/\| fuzzed requests \| \d+ requests/);
    expect([output.match(/\| NO \|/g), code]).toEqual([null, 0]);
  }, 180_000);
});
