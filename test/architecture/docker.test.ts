import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { load } from 'js-yaml';
import { AppConfig } from '../../src/config/app-config.js';
import { loadConfig } from '../../src/config/load-config.js';

interface Service {
  readonly image: string;
  readonly environment: Record<string, string | number>;
  readonly ports?: string[];
  readonly networks: string[];
  readonly depends_on?: Record<string, { condition: string }>;
  readonly healthcheck: { test?: string[]; disable?: boolean };
}

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
const composeText = read('docker-compose.yml');
const { services } = load(composeText) as { services: Record<'mysql' | 'migrate' | 'api', Service> };

/** Substitutes `${NAME:-default}` and `${NAME:?message}` as `docker compose` does. */
function interpolate(text: string, env: Record<string, string>): string {
  return text.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_all, name: string, operator: string, rest: string) => {
    const value = env[name] ?? '';
    if (value !== '' || operator === undefined) return value;
    if (operator === '?') throw new Error(rest);
    return rest;
  });
}

function environmentOf(service: Service, env: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(service.environment).map(([k, v]) => [k, interpolate(String(v), env)]));
}

describe('docker-compose.yml', () => {
  const all = Object.entries(services);

  it('tags the image with the version of package.json', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    for (const service of [services.migrate, services.api]) expect(service.image).toBe(`session-audit:${version}`);
  });

  it('publishes only the port of the API', () => {
    expect(all.filter(([, service]) => service.ports !== undefined).map(([name]) => name)).toEqual(['api']);
    expect(services.api.ports!.map((port) => interpolate(port, {}))).toEqual(['127.0.0.1:3000:3000']);
  });

  it('keeps MySQL on an internal network', () => {
    const { networks } = load(composeText) as { networks: Record<string, { internal?: boolean }> };
    expect(services.mysql.networks.map((name) => networks[name]!.internal)).toEqual([true]);
  });

  it('contains no secret and requires them from the environment', () => {
    const secrets = all.flatMap(([, service]) =>
      Object.entries(service.environment).filter(([name]) => /PASSWORD|SECRET|TOKEN|DATABASE_URL/.test(name)),
    );
    expect(secrets.map(([name]) => name)).toEqual([
      ...['MYSQL_PASSWORD', 'MYSQL_ROOT_PASSWORD'],
      ...['DATABASE_URL', 'DATABASE_URL', 'OIDC_CLIENT_SECRET'],
    ]);
    const required = secrets.filter(([name]) => name !== 'OIDC_CLIENT_SECRET');
    expect(secrets.at(-1)![1]).toBe('${OIDC_CLIENT_SECRET:-}'); // only for logins at an identity provider
    for (const [name, value] of required) {
      const secret =
        name === 'DATABASE_URL' ? /^mysql:\/\/\w+:(.*)@mysql:3306\/\w+$/.exec(String(value))![1]! : String(value);
      expect(secret).toMatch(/^\$\{MYSQL_(ROOT_)?PASSWORD:\?[^}]+\}$/);
      expect(() => interpolate(secret, {})).toThrow('see .env.example');
    }
  });

  it('pins every image to a version', () => {
    for (const [, { image }] of all) expect(image).toMatch(/^[a-z-]+:\d+\.\d+(\.\d+)?$/);
    expect(services.mysql.image).toBe('mysql:8.4');
  });

  it('checks the health of long-running services and starts each service after its dependencies', () => {
    expect(services.mysql.healthcheck.test!.join(' ')).toContain('-h 127.0.0.1');
    expect(services.api.healthcheck.test!.slice(0, 3)).toEqual(['CMD', 'node', '-e']);
    expect(services.migrate.healthcheck).toEqual({ disable: true });
    const ready = { mysql: { condition: 'service_healthy' } };
    expect(services.migrate.depends_on).toEqual(ready);
    expect(services.api.depends_on).toEqual({ ...ready, migrate: { condition: 'service_completed_successfully' } });
  });

  it('passes exactly the known variables to the API, with the same defaults', () => {
    const known = Object.keys(new AppConfig());
    expect(Object.keys(services.api.environment).sort()).toEqual([...known].sort());
    expect(known).toEqual(expect.arrayContaining(Object.keys(services.migrate.environment)));
    const config = loadConfig(environmentOf(services.api, { MYSQL_PASSWORD: 'p' }));
    const DATABASE_URL = 'mysql://sessions:p@mysql:3306/sessions';
    expect(config).toEqual(Object.assign(new AppConfig(), { DATABASE_URL, HOST: '0.0.0.0' }));
  });

  it('lists every variable that it reads in .env.example, where none has a value', () => {
    const used = new Set([...composeText.matchAll(/(?<!\$)\$\{(\w+)/g)].map((match) => match[1]!));
    const offered = [...read('.env.example').matchAll(/^#?([A-Z_]+)=(.*)$/gm)];
    expect(offered.map((match) => match[1]).sort()).toEqual([...used].sort());
    const required = offered.filter(([line]) => !line.startsWith('#'));
    expect(required.map(([line]) => line)).toEqual(['MYSQL_PASSWORD=', 'MYSQL_ROOT_PASSWORD=']);
  });
});

describe('Dockerfile', () => {
  const text = read('Dockerfile').replace(/^#.*$/gm, '');
  const stages = text.split(/^(?=FROM )/m).filter((stage) => stage.startsWith('FROM '));
  const final = stages.at(-1)!;

  it('uses the same pinned image for every stage', () => {
    expect(stages.map((stage) => /^FROM (\S+)/.exec(stage)![1])).toEqual([
      'node:22-bookworm-slim',
      'node:22-bookworm-slim',
    ]);
  });

  it('installs only production dependencies, without scripts or a compiler', () => {
    expect(final.match(/npm (ci|install|i)\b[^&\n]*/g)!.map((command) => command.trim())).toEqual([
      'npm ci --omit=dev --ignore-scripts',
    ]);
    expect(final).not.toMatch(/apt-get|python|make/);
    expect(final).toMatch(/COPY --from=build \S+\/better_sqlite3\.node /);
  });

  it('runs as a non-root user that owns only the data directory', () => {
    expect([...final.matchAll(/^USER (\S+)$/gm)].map((match) => match[1])).toEqual(['node']);
    expect(final.match(/chown \S+ \S+/g)).toEqual(['chown node:node data']);
    expect(final.indexOf('USER node')).toBeLessThan(final.indexOf('\nCMD '));
    expect(final).not.toMatch(/--chown|chmod/);
  });

  it('starts the server', () => {
    expect(final).toMatch(/^CMD \["node", "dist\/main\.js"\]$/m);
  });

  it('checks its health as docker-compose.yml does', () => {
    const [, command] = /^HEALTHCHECK [^\n]*\\\n\s*CMD (.*)$/m.exec(final)!;
    expect(['CMD', ...(JSON.parse(command!) as string[])]).toEqual(services.api.healthcheck.test);
  });

  it.each([
    [200, 0],
    [503, 1],
  ])('maps status %i of /health to exit code %i', async (status, code) => {
    const asked: string[] = [];
    const server = createServer((req, res) => {
      asked.push(req.url!);
      res.writeHead(status).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const env = { ...process.env, PORT: String((server.address() as AddressInfo).port), NODE_OPTIONS: '' };
    const check = spawn(process.execPath, services.api.healthcheck.test!.slice(2), { env });
    expect((await once(check, 'exit'))[0]).toBe(code);
    expect(asked).toEqual(['/health']);
    server.close();
  });
});

describe('.dockerignore', () => {
  it('includes exactly the files that the Dockerfile copies', () => {
    const lines = read('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(lines[0]).toBe('*');
    const copied = [...read('Dockerfile').matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap((match) =>
      match[1]!.split(' '),
    );
    expect(
      lines
        .filter((line) => line.startsWith('!'))
        .map((line) => line.slice(1))
        .sort(),
    ).toEqual([...new Set(copied)].sort());
  });
});
