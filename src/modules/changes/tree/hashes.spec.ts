import { EMPTY_ROOT, completeHash, foldFromRight, leafHash, nodeHash } from './hashes.js';

describe('hashes of a Merkle tree', () => {
  it('are those of the published test vectors', () => {
    expect(EMPTY_ROOT.toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(leafHash('').toString('hex')).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
    const pair = nodeHash(leafHash(''), leafHash(Buffer.of(0)));
    expect(pair.toString('hex')).toBe('fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125');
  });

  it('encode texts in UTF-8', () => {
    expect(leafHash('é')).toEqual(leafHash(Buffer.of(0xc3, 0xa9)));
  });

  it('combine adjacent subtrees', () => {
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((text) => leafHash(text)) as [Buffer, Buffer, Buffer, Buffer];
    expect(foldFromRight([])).toEqual(EMPTY_ROOT);
    expect(foldFromRight([a, b, c])).toEqual(nodeHash(a, nodeHash(b, c)));
    expect(completeHash([a, b, c, d])).toEqual(nodeHash(nodeHash(a, b), nodeHash(c, d)));
  });
});
