import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** What npm checks ranges with; it has no types. */
interface Semver {
  minVersion(range: string): { readonly version: string };
  satisfies(version: string, range: string): boolean;
}
const { minVersion, satisfies } = createRequire(import.meta.url)('semver') as Semver;

interface Manifest {
  readonly engines?: { readonly node?: string };
}
interface Lock {
  readonly packages: Readonly<Record<string, Manifest & { readonly optional?: boolean }>>;
}

const read = <T>(file: string) => JSON.parse(readFileSync(file, 'utf8')) as T;

describe('the locked packages', () => {
  it('all run on the lowest supported Node, so that npm ci prints no EBADENGINE', () => {
    const lowest = minVersion(read<Manifest>('package.json').engines!.node!).version;
    // npm leaves out optional packages that do not run here, and says nothing.
    const required = Object.entries(read<Lock>('package-lock.json').packages).filter(([, { optional }]) => !optional);
    const refused = required.filter(([, { engines }]) => !satisfies(lowest, engines?.node ?? '*'));
    expect(refused.map(([path, { engines }]) => `${path} needs Node ${engines!.node}`)).toEqual([]);
    expect(required.length).toBeGreaterThan(100);
  });
});
