import fc from 'fast-check';
import { JsonArrayError, JsonArraySplitter, type JsonElement } from './json-array-splitter.js';
import { jsonShape } from './json-limits.js';
import { propertyRuns } from '../../../test/support/property-runs.js';

const LIMITS = { bytes: 1024 * 1024, depth: 8, values: 1000 };

function split(text: string | Buffer, size = 7, limits = LIMITS): JsonElement[] {
  const bytes = Buffer.from(text as string);
  const splitter = new JsonArraySplitter(limits);
  const elements = [];
  for (let at = 0; at < bytes.length; at += size) elements.push(...splitter.add(bytes.subarray(at, at + size)));
  splitter.end();
  return elements;
}

const texts = (elements: JsonElement[]) => elements.map((e) => e.bytes?.toString() ?? e.problem);

/** What JSON.parse makes of the text; undefined when it is not an array. */
function parsed(text: string): unknown[] | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

describe('JsonArraySplitter', () => {
  it('finds the elements of any array, wherever a chunk ends', () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 6 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 0, max: 2 }),
        (array, size, indent) => {
          const text = JSON.stringify(array, null, indent);
          const found = split(` ${text}\r\n`, size).map((e) => JSON.parse(e.bytes!.toString()) as unknown);
          expect(found).toEqual(JSON.parse(text));
        },
      ),
    );
  });

  it('accepts exactly what JSON.parse accepts as an array, when the elements are parsed', () => {
    const piece = fc.constantFrom('[', ']', '{', '}', ',', ':', '"', '\\', ' ', '1', '"a"', '{}', '[]', 'x');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 9 }), fc.boolean(), (pieces, isClosed) => {
        const text = isClosed ? `[${pieces.join('')}]` : pieces.join('');
        const own = (() => {
          try {
            return split(text).map((e) => JSON.parse(e.bytes!.toString()) as unknown);
          } catch {
            return undefined;
          }
        })();
        expect(own).toEqual(parsed(text));
      }),
      { numRuns: propertyRuns(2000) },
    );
  });

  it('drops only the element over a limit', () => {
    const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    const long = `"${'x'.repeat(40)}"`;
    const given = [nested(3), nested(4), '[1,2,3,4]', '[1,2,3,4,5]', long, `{"a":"[[[[,,,,,"}`];
    expect(texts(split(`[${given.join()}]`, 3, { bytes: 30, depth: 3, values: 4 }))).toEqual([
      ...['[[[]]]', 'is nested more than 3 levels deep', '[1,2,3,4]', 'has more than 4 values'],
      ...['is larger than 0.0000286102294921875 MiB', '{"a":"[[[[,,,,,"}'],
    ]);
  });

  it('tells another JSON value from text that is not JSON', () => {
    const error = (text: string) => {
      try {
        split(text);
      } catch (thrown) {
        return thrown instanceof JsonArrayError && thrown.isOtherValue;
      }
      throw new Error(`${text} was accepted`);
    };
    expect(['{}', '7', '"[]"', 'null'].map(error)).toEqual([true, true, true, true]);
    expect(['', ' ', 'x', ']', '[', '[1', '[1,]', '[]x', '[][]'].map(error)).toEqual(Array(9).fill(false));
  });

  it('skips a byte order mark at the start', () => {
    expect(texts(split('\ufeff[1, 2 ]', 1))).toEqual(['1', '2']);
    expect(() => split('[]\ufeff')).toThrow(JsonArrayError);
  });
});

describe('jsonShape', () => {
  it('counts levels and values outside of strings', () => {
    expect(jsonShape(Buffer.from('{"a":[1,2,{"b":"[[,\\"["}],"c":"\\\\"}'))).toEqual({ depth: 3, values: 6 });
    expect(jsonShape(Buffer.from('"[{'))).toEqual({ depth: 0, values: 0 });
  });

  it('is never below the true depth and number of values', () => {
    const count = (value: unknown): [number, number] => {
      if (typeof value !== 'object' || value === null) return [0, 0];
      const inner = Object.values(value as object).map(count);
      const levels = Math.max(0, ...inner.map(([depth]) => depth));
      return [1 + levels, inner.reduce((sum, [, values]) => sum + values, inner.length)];
    };
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const [depth, values] = count(value);
        const shape = jsonShape(Buffer.from(JSON.stringify(value)));
        expect(shape.depth).toBe(depth);
        expect(shape.values).toBeGreaterThanOrEqual(values);
      }),
    );
  });
});
