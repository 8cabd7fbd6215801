import { basename } from 'node:path';
import { cleanText } from '../../../platform/text/clean-text.js';
import { describeContent } from './describe-content.js';

/** After this many pieces without one of the expected format, reading stops. */
const MAX_WRONG_PIECES = 1000;

/** A file is of another format than the one it was to be read as. */
export class WrongFormatError extends Error {}

export interface ExpectedFormat<Piece> {
  /** In words, such as `JSON lines of the systemd journal`. */
  readonly name: string;
  /** Whether a piece (a line, an object) has the format; undefined when it is too damaged to tell. */
  readonly matches: (piece: Piece) => boolean | undefined;
}

/**
 * Distinguishes a file of the wrong format from one with damaged pieces: in the former no piece has the expected format. Without
 * this, a file of another kind would import nothing and look like a success.
 */
export class FormatCheck<Piece> {
  private isRight = false;
  private wrong = 0;

  constructor(
    private readonly path: string,
    private readonly format: ExpectedFormat<Piece>,
  ) {}

  /** @returns whether enough was seen to refuse the file */
  isWrongAfter(piece: Piece): boolean {
    if (this.isRight) return false;
    const matches = this.format.matches(piece);
    if (matches === true) this.isRight = true;
    if (matches === false) this.wrong++;
    return !this.isRight && this.wrong >= MAX_WRONG_PIECES;
  }

  /** To be called at the end of the file. @throws WrongFormatError when no piece had the format, unless there was none */
  async end(): Promise<void> {
    if (!this.isRight && this.wrong > 0) await this.fail();
  }

  async fail(): Promise<never> {
    throw await wrongFormat(this.path, this.format.name);
  }
}

/** @param expected in words, such as `login records (wtmp)` */
export async function wrongFormat(path: string, expected: string): Promise<WrongFormatError> {
  const found = await describeContent(path);
  return new WrongFormatError(`${cleanText(basename(path))} does not contain ${expected}; it looks like ${found}.`);
}
