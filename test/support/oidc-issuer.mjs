// A real OpenID provider on a free port of 127.0.0.1, started with an IPC channel. It sends { issuer } when it is ready.
// It accepts two messages and answers each with { result }: { rotate: true } replaces its keys, and
// { sign: { header, claims } } signs arbitrary claims with the current key.
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { SignJWT, importJWK } from 'jose';
import Provider from 'oidc-provider';

const SCOPES = 'sessions:read ingest:write audit:read admin acme:sessions:read';

let key;
let handler;
const server = createServer((req, res) => handler(req, res)).listen(0, '127.0.0.1');
await once(server, 'listening');
const issuer = `http://127.0.0.1:${server.address().port}`;

/** A Provider object cannot change its keys, so a rotation creates a new one at the same address. */
function rotate() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  key = { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), alg: 'RS256', use: 'sig' };
  handler = new Provider(issuer, configuration()).callback();
  return key.kid;
}

function configuration() {
  return {
    jwks: { keys: [key] },
    clients: [
      {
        client_id: 'reports',
        client_secret: 'a-secret-of-the-test',
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
        scope: SCOPES,
      },
    ],
    scopes: SCOPES.split(' '),
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_ctx, audience) => ({
          scope: SCOPES,
          audience,
          accessTokenTTL: 600,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  };
}

async function sign({ header, claims }) {
  return new SignJWT(claims).setProtectedHeader({ kid: key.kid, ...header }).sign(await importJWK(key, 'RS256'));
}

process.on('message', async (message) => {
  process.send({ result: message.rotate ? rotate() : await sign(message.sign) });
});
process.on('disconnect', () => process.exit());
rotate();
process.send({ issuer });
