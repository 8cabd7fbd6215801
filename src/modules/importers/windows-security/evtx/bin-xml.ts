import { readValue } from './bin-xml-value.js';
import type { WorkBudget } from './work-budget.js';

/**
 * An element of binary XML (BinXml), as far as events use it. Format: [MS-EVEN6], section 2.2.12; J. Metz, "Windows XML
 * Event Log (EVTX) format", libevtx, sections 4 and 5. All offsets count from the beginning of the chunk.
 */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Map<string, string>;
  readonly children: XmlElement[];
  text: string;
}

interface Value {
  readonly type: number;
  readonly at: number;
  readonly size: number;
}

const BINARY_XML = 0x21;
/** Flag of a token: the element has attributes, or another attribute follows. */
const MORE = 0x40;
/** Nesting of templates; events have two levels. */
const MAX_DEPTH = 16;

/** Reads fragments of one chunk. A damaged fragment throws RangeError, at the latest at the end of the chunk. */
export class BinXmlReader {
  private at = 0;

  constructor(
    private readonly chunk: Buffer,
    private readonly budget: WorkBudget,
    private readonly inTemplate = false,
    private readonly depth = 0,
  ) {
    if (depth > MAX_DEPTH) throw new RangeError('nested too deeply');
  }

  /**
   * @param values for the substitutions of a template, by their index
   * @returns a root without a name, whose children are the elements of the fragment
   * @throws RangeError when the fragment is damaged
   */
  fragment(at: number, values: readonly Value[] = []): XmlElement {
    this.at = at;
    const root = newElement('');
    const open = [root];
    for (;;) {
      this.budget.spendTokens(1);
      const token = this.chunk.readUInt8(this.at++);
      const top = open.at(-1)!;
      switch (token & ~MORE) {
        case 0x00:
          return root;
        case 0x01:
          open.push(this.startElement(token, top, values));
          break;
        case 0x02:
          break; // end of the start tag
        case 0x03:
        case 0x04:
          open.pop();
          if (open.length === 0) throw new RangeError('an end tag without a start tag');
          if (open.length === 1 && values.length > 0) return root;
          break;
        case 0x0c:
          top.children.push(...this.template().children);
          break;
        case 0x0f:
          this.at += 3;
          break;
        default:
          this.at--;
          top.text += this.content(top, values);
      }
    }
  }

  private startElement(token: number, parent: XmlElement, values: readonly Value[]): XmlElement {
    // Only elements of a template have the two bytes of a dependency before their four bytes of size.
    this.at += this.inTemplate ? 6 : 4;
    const element = newElement(this.name());
    parent.children.push(element);
    if ((token & MORE) === 0) return element;
    const end = this.chunk.readUInt32LE(this.at) + this.at + 4;
    this.at += 4;
    while (this.at < end) {
      const attribute = this.chunk.readUInt8(this.at++);
      if ((attribute & ~MORE) !== 0x06) throw new RangeError(`token ${attribute} instead of an attribute`);
      this.budget.spendTokens(1);
      const name = this.name();
      let text = '';
      while (this.at < end && (this.chunk.readUInt8(this.at) & ~MORE) !== 0x06) text += this.content(element, values);
      element.attributes.set(name, text);
    }
    return element;
  }

  /** Text, a reference or a substitution. Elements in the value of a substitution are added to `parent`. */
  private content(parent: XmlElement, values: readonly Value[]): string {
    const token = this.chunk.readUInt8(this.at++);
    this.budget.spendTokens(1);
    switch (token & ~MORE) {
      case 0x05:
        this.at++; // the type of the value, which is always text here
        return this.counted();
      case 0x07:
        return this.counted();
      case 0x08:
        this.at += 2;
        return String.fromCharCode(this.chunk.readUInt16LE(this.at - 2));
      case 0x09:
        return ENTITIES[this.name()] ?? '';
      case 0x0d:
      case 0x0e:
        this.at += 3;
        return this.substitution(parent, values[this.chunk.readUInt16LE(this.at - 3)]);
      default:
        throw new RangeError(`unknown token ${token}`);
    }
  }

  private substitution(parent: XmlElement, value: Value | undefined): string {
    if (!value || value.size === 0) return '';
    if (value.type !== BINARY_XML) return this.textOf(value);
    const nested = new BinXmlReader(this.chunk, this.budget, false, this.depth + 1).fragment(value.at);
    parent.children.push(...nested.children);
    return '';
  }

  private textOf({ at, size, type }: Value): string {
    const text = readValue(this.chunk.subarray(at, at + size), type);
    this.budget.spendCharacters(text.length);
    return text;
  }

  /** An instance of a template: the offset of its definition, sizes and types of its values, then the values. */
  private template(): XmlElement {
    const definition = this.chunk.readUInt32LE(this.at + 5);
    this.at += 9;
    // At its first use the definition is inline: next offset, GUID, size, fragment.
    if (definition === this.at) this.at += 24 + this.chunk.readUInt32LE(this.at + 20);
    const count = this.chunk.readUInt32LE(this.at);
    this.budget.spendTokens(count);
    let valueAt = this.at + 4 + 4 * count;
    if (valueAt > this.chunk.length) throw new RangeError('more values than the chunk holds');
    const values = Array.from({ length: count }, (_, i): Value => {
      const size = this.chunk.readUInt16LE(this.at + 4 + 4 * i);
      const value = { size, type: this.chunk.readUInt8(this.at + 6 + 4 * i), at: valueAt };
      valueAt += size;
      return value;
    });
    this.at = valueAt;
    return new BinXmlReader(this.chunk, this.budget, true, this.depth + 1).fragment(definition + 24, values);
  }

  /** A name is stored at its first use and referenced elsewhere in the chunk: next offset, hash, count, UTF-16, a zero. */
  private name(): string {
    const offset = this.chunk.readUInt32LE(this.at);
    this.at += 4;
    const count = this.chunk.readUInt16LE(offset + 6);
    if (offset === this.at) this.at += 10 + 2 * count;
    return this.utf16(offset + 8, count);
  }

  private counted(): string {
    const count = this.chunk.readUInt16LE(this.at);
    this.at += 2 + 2 * count;
    return this.utf16(this.at - 2 * count, count);
  }

  private utf16(at: number, count: number): string {
    if (at + 2 * count > this.chunk.length) throw new RangeError('text beyond the chunk');
    this.budget.spendCharacters(count);
    return this.chunk.toString('utf16le', at, at + 2 * count);
  }
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function newElement(name: string): XmlElement {
  return { name, attributes: new Map(), children: [], text: '' };
}
