// A real OpenID provider on a free port of 127.0.0.1, started with an IPC channel. It sends { issuer } when it is ready.
// It accepts these messages and answers each with { result }: { rotate: true } replaces its keys,
// { sign: { header, claims } } signs arbitrary claims with the current key, { redirectUris } registers a client `console` for
// logins, and { login } decides about logins from now on: { account, claims } logs this account in without a question and adds
// the claims to its access tokens, { error } declines.
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { SignJWT, importJWK } from 'jose';
import Provider from 'oidc-provider';

const SCOPES = 'sessions:read ingest:write audit:read admin acme:sessions:read';

let key;
let provider;
let handler;
let redirectUris = [];
let login = { account: 'alice', claims: {} };
const server = createServer((req, res) => handler(req, res)).listen(0, '127.0.0.1');
await once(server, 'listening');
const issuer = `http://127.0.0.1:${server.address().port}`;

/** A Provider object cannot change its keys, so a rotation creates a new one at the same address. */
function rotate() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  key = { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), alg: 'RS256', use: 'sig' };
  begin();
  return key.kid;
}

function begin() {
  provider = new Provider(issuer, configuration());
  const callback = provider.callback();
  handler = (req, res) => (req.url.startsWith('/interaction/') ? decide(req, res) : callback(req, res));
}

/** Stands for the login page of the provider. */
function decide(req, res) {
  const result = login.error ? { error: login.error } : { login: { accountId: login.account } };
  return provider.interactionFinished(req, res, result);
}

/** Every client may ask for every scope, so there is no page for consent. */
async function loadExistingGrant(ctx) {
  const grant = new provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
  grant.addOIDCScope(`openid profile ${SCOPES}`);
  for (const resource of [ctx.oidc.params.resource ?? []].flat()) grant.addResourceScope(resource, SCOPES);
  await grant.save();
  return grant;
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
      ...(redirectUris.length === 0 ? [] : [consoleClient()]),
    ],
    scopes: ['openid', 'profile', ...SCOPES.split(' ')],
    claims: { profile: ['name'] },
    // Otherwise the name is only at the user info endpoint.
    conformIdTokenClaims: false,
    findAccount: (_ctx, accountId) => ({ accountId, claims: () => ({ sub: accountId, name: `${accountId} at home` }) }),
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    loadExistingGrant,
    extraTokenClaims: (_ctx, token) => (token.kind === 'AccessToken' ? login.claims : undefined),
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

function consoleClient() {
  return {
    client_id: 'console',
    client_secret: 'a-secret-of-the-console',
    grant_types: ['authorization_code'],
    redirect_uris: redirectUris,
    response_types: ['code'],
    scope: `openid profile ${SCOPES}`,
  };
}

async function answer(message) {
  if (message.rotate) return rotate();
  if (message.sign) return sign(message.sign);
  if (message.login) return (login = message.login) && null;
  redirectUris = message.redirectUris;
  begin();
  return null;
}

async function sign({ header, claims }) {
  return new SignJWT(claims).setProtectedHeader({ kid: key.kid, ...header }).sign(await importJWK(key, 'RS256'));
}

process.on('message', async (message) => {
  process.send({ result: await answer(message) });
});
process.on('disconnect', () => process.exit());
rotate();
process.send({ issuer });
