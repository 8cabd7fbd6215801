const KEY = /sak_([a-z0-9]{8})_[A-Za-z0-9_-]+/g;
const TOKEN = /eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*/g;

/**
 * Redacts keys and tokens in a text that repeats part of a request, so a key in a path or a name does not appear in an
 * answer or a log. The prefix of a key is kept, because it identifies the key.
 */
export function withoutSecrets(text: string): string {
  return text.replace(KEY, 'sak_$1_…').replace(TOKEN, '(token)');
}

/** Redacts secrets in a path, where they may be percent-encoded. */
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
