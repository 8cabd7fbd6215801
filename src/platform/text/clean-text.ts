/** Characters that a terminal interprets: C0, DEL and C1 controls, and bidirectional formatting characters. */
// eslint-disable-next-line no-control-regex
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** Replaces terminal control characters by U+FFFD, because strangers can write text into a log. The result is deterministic. */
export function cleanText(text: string): string {
  return text.replace(UNSAFE, '\ufffd');
}
