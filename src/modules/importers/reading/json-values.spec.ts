import fc from 'fast-check';
import { ObjectSplitter } from './json-values.js';

/** Pieces of a text that arrives in chunks of a size. */
function split(text: string, size = 7): string[] {
  const bytes = Buffer.from(text);
  const splitter = new ObjectSplitter();
  const pieces = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(...splitter.add(bytes.subarray(at, at + size)));
  return [...pieces, ...splitter.end()].map((piece) => piece.bytes!.toString());
}

describe('objects of a JSON text', () => {
  it.each([
    ['lines', (objects: object[]) => objects.map((o) => JSON.stringify(o)).join('\r\n')],
    ['an array', (objects: object[]) => JSON.stringify(objects)],
    ['an indented array', (objects: object[]) => JSON.stringify(objects, null, 4)],
    ['indented objects', (objects: object[]) => objects.map((o) => JSON.stringify(o, null, 2)).join('\n')],
  ])('are found in %s, whatever they hold and wherever a chunk ends', (_, write) => {
    const objects = fc.array(fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3 }), { maxLength: 4 });
    fc.assert(
      fc.property(objects, fc.integer({ min: 1, max: 40 }), (given, size) => {
        const found = split(write(given), size).map((text) => JSON.parse(text) as unknown);
        expect(found).toEqual(JSON.parse(JSON.stringify(given)));
      }),
    );
  });

  it('are found after a broken object and after other text, which become separate pieces', () => {
    expect(split('{"a":"x\n{"b":1}\nhello {"c"\n{"d":2}\n{"e":{\n{"f":3}')).toEqual([
      '{"a":"x',
      '{"b":1}',
      'hello {"c"',
      '{"d":2}',
      '{"e":{\n',
      '{"f":3}',
    ]);
  });
});
