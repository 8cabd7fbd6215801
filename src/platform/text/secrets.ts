const KEY = /sak_([a-z0-9]{8})_[A-Za-z0-9_-]+/g;
const TOKEN = /eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*/g;

/**
 * A text without the keys and tokens in it, for whatever repeats a part of a request: a key that was pasted into an address
 * or a name must not come back in an answer or a log. What names a key, its prefix, stays.
 */
export function withoutSecrets(text: string): string {
  return text.replace(KEY, 'sak_$1_…').replace(TOKEN, '(token)');
}

/** The same for a path, where a secret may stand percent-encoded. */
export function pathWithoutSecrets(path: string): string {
  const plain = decoded(path);
  return withoutSecrets(plain) === plain ? path : withoutSecrets(plain);
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path.replace(/%5f/gi, '_').replace(/%2d/gi, '-').replace(/%2e/gi, '.');
  }
}
