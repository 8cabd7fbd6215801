const PROTECTED = /^\/(ekranapi|api)(\/|$)/i;

/** Whether every call below this path needs a key and is recorded, also if no route matches. */
export function isProtectedPath(path: string): boolean {
  return PROTECTED.test(path);
}
