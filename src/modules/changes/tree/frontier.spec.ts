import { type CompletedSubtree, Frontier } from './frontier.js';
import { completeHash, leafHash } from './hashes.js';

/** Roots of the trees of 0 to 8 leaves of the test vectors of Certificate Transparency. */
const ENTRIES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

const empty = (): Frontier => Frontier.of(0, Buffer.alloc(0));
const leaf = (i: number): Buffer => leafHash(`leaf ${i}`);

describe('the frontier of a tree', () => {
  it('gives the roots of the published test vectors', () => {
    const frontier = empty();
    const roots = [frontier.root()];
    for (const entry of ENTRIES) {
      frontier.append(leafHash(Buffer.from(entry, 'hex')));
      roots.push(frontier.root());
    }
    expect(roots.map((root) => root.toString('hex'))).toEqual(ROOTS);
  });

  it('continues from its bytes', () => {
    const whole = empty();
    let stored = empty();
    for (let i = 0; i < 300; i++) {
      whole.append(leaf(i));
      stored.append(leaf(i));
      stored = Frontier.of(stored.size, stored.bytes());
      expect(stored.root()).toEqual(whole.root());
      expect(stored.bytes()).toHaveLength(32 * [...(i + 1).toString(2)].filter((bit) => bit === '1').length);
    }
  });

  it('does not change when the given bytes change', () => {
    const bytes = Buffer.from(leaf(0));
    const frontier = Frontier.of(1, bytes);
    bytes.fill(0);
    expect(frontier.bytes()).toEqual(leaf(0));
  });

  it('refuses bytes that do not fit the size', () => {
    for (const [size, length] of [
      [0, 32],
      [3, 32],
      [4, 64],
      [-1, 0],
      [1.5, 32],
    ] as const)
      expect(() => Frontier.of(size, Buffer.alloc(length))).toThrow(RangeError);
  });

  it('reports each complete subtree of 256^level leaves once', () => {
    const frontier = empty();
    const taken: CompletedSubtree[] = [];
    for (let i = 0; i < 65_536 + 300; i++) {
      frontier.append(leaf(i));
      if (i % 1_000 === 0) taken.push(...frontier.takeCompleted());
    }
    taken.push(...frontier.takeCompleted());
    const ofLevel = (level: number) => taken.filter((node) => node.level === level);
    expect(ofLevel(1).map(({ position }) => position)).toEqual(Array.from({ length: 257 }, (_, i) => i));
    const second = Array.from({ length: 256 }, (_, i) => leaf(256 + i));
    expect(ofLevel(1)[1]!.hash).toEqual(completeHash(second));
    const rest = ofLevel(1).slice(0, 256);
    expect(ofLevel(2)).toEqual([{ level: 2, position: 0, hash: completeHash(rest.map(({ hash }) => hash)) }]);
    expect(taken).toHaveLength(258);
    expect(frontier.takeCompleted()).toEqual([]);
  });

  it('counts beyond 2^32 leaves', () => {
    const size = 2 ** 40 + 255;
    const frontier = Frontier.of(size, Buffer.alloc(9 * 32, 7));
    frontier.append(leaf(0));
    expect(frontier.takeCompleted()).toMatchObject([{ level: 1, position: 2 ** 32 }]);
    expect(frontier.bytes()).toHaveLength(64);
  });
});
