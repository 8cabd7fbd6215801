/** What a terminal could act on: C0, DEL and C1 controls, and the marks that turn the direction of writing. */
// eslint-disable-next-line no-control-regex
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** Text of a log comes from whoever knocked: what would act on a terminal becomes U+FFFD, the same one every time. */
export function cleanText(text: string): string {
  return text.replace(UNSAFE, '\ufffd');
}
