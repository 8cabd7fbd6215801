/** A key in a text, also if its case was changed or its underscores are percent-encoded, even several times. */
const KEY = /sak(?:_|%(?:25)*5f)([a-z0-9]{8})(?:_|%(?:25)*5f)[A-Za-z0-9_%-]+/gi;
const TOKEN = /eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*/g;

/**
 * Redacts keys and tokens in a text that repeats part of a request, so a key in a path or a name does not appear in an
 * answer or a log. The prefix of a key is kept, because it identifies the key.
 */
export function withoutSecrets(text: string): string {
  return text.replace(KEY, 'sak_$1_…').replace(TOKEN, '(token)');
}

/** Characters of the random part of a key: 256 bits in base64url. */
const SECRET_LENGTH = 43;
const BASE64URL_RUN = new RegExp(`[A-Za-z0-9_-]{${SECRET_LENGTH},}`, 'g');

/**
 * Whether a text contains what may be the random part of a key without its prefix. Hexadecimal ids, such as UUIDs and
 * `traceparent` (W3C Trace Context), have letters of one case only.
 */
export function mayContainSecret(text: string): boolean {
  return (text.match(BASE64URL_RUN) ?? []).some((run) => /[a-z]/.test(run) && /[A-Z]/.test(run));
}

/** Redacts secrets in a path, where they may be percent-encoded, even several times. */
export function pathWithoutSecrets(path: string): string {
  const plain = decoded(path);
  return withoutSecrets(plain) === plain ? path : withoutSecrets(plain);
}

/** Repeated encoding turns `%` into `%25`, so any number of repetitions is undone at once. */
const ENCODED_PERCENT = /%(?:25)+(?=[0-9a-f]{2})/gi;
/** Percent-encoded visible ASCII characters. */
const ENCODED_ASCII = /%(2[1-9a-f]|[3-6][0-9a-f]|7[0-9a-e])/gi;
/** Enough for what proxies and scripts do by mistake. */
const MAX_ROUNDS = 8;

function decoded(path: string): string {
  let text = path;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const next = text
      .replace(ENCODED_PERCENT, '%')
      .replace(ENCODED_ASCII, (_all, code: string) => String.fromCharCode(parseInt(code, 16)));
    if (next === text) break;
    text = next;
  }
  return text;
}
