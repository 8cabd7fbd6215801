import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import type ts from 'typescript';
import { VERSION } from '../../src/config/version.js';
import { loadConfig } from '../../src/config/load-config.js';
import { type Manifest, manifestFiles, readManifest } from '../support/manifests.js';

const compiler = createRequire(import.meta.url)('typescript') as typeof ts;

/** Module of kubernetes-types, which is generated from the OpenAPI document of Kubernetes. */
function moduleOf(apiVersion: string): string {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['core', apiVersion];
  return `kubernetes-types/${group!.split('.')[0]}/${version}`;
}

/** What TypeScript finds when each manifest is the value of a constant of its type: unknown, missing and mistyped fields. */
function faults(manifests: readonly Manifest[]): string[] {
  const lines = manifests.map((manifest, n) => {
    const { apiVersion, kind } = manifest;
    return `export const m${n}: import('${moduleOf(apiVersion)}').${kind} = ${JSON.stringify(manifest)};`;
  });
  const file = resolve('manifests.ts');
  const options: ts.CompilerOptions = {
    ...{ strict: true, noEmit: true, skipLibCheck: true, types: [], lib: ['lib.es5.d.ts'] },
    moduleResolution: compiler.ModuleResolutionKind.Bundler,
    module: compiler.ModuleKind.ESNext,
  };
  const host = compiler.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  host.getSourceFile = (name, target, ...rest) =>
    name === file ? compiler.createSourceFile(name, lines.join('\n'), target) : getSourceFile(name, target, ...rest);
  const program = compiler.createProgram([file], options, host);
  const found = [...program.getSyntacticDiagnostics(), ...program.getSemanticDiagnostics(program.getSourceFile(file))];
  return found.map(({ messageText }) => compiler.flattenDiagnosticMessageText(messageText, '\n'));
}

/** Formats and ranges of values need an API server; what matters of them is checked here one by one. */
describe('deploy/kubernetes', () => {
  const manifests = manifestFiles().map((name) => readManifest(name));
  const deployment = readManifest('deployment.yaml');
  const job = readManifest('migrate.yaml');
  const pods = [deployment, job].map(({ spec }) => spec.template.spec);
  const [server] = deployment.spec.template.spec.containers;

  it('has the fields of the Kubernetes API', () => {
    const misspelt = JSON.parse(JSON.stringify(deployment).replace('periodSeconds', 'periodSecond')) as Manifest;
    const mistyped = JSON.parse(JSON.stringify(job).replace('"backoffLimit":3', '"backoffLimit":"3"')) as Manifest;
    // One compilation, because it takes seconds: only the two wrong ones have faults.
    expect(faults([...manifests, misspelt, mistyped])).toEqual([
      expect.stringContaining('"periodSecond"'),
      expect.stringContaining("'string' is not assignable to type 'number'"),
    ]);
  });

  it('is listed in the kustomization', () => {
    const { resources } = readManifest<{ resources: string[] }>('kustomization.yaml');
    expect([...resources].sort()).toEqual([...manifestFiles()].sort());
  });

  it('uses the image and the job of this version', () => {
    expect(pods.map(({ containers: [{ image }] }) => image)).toEqual(Array(2).fill(`session-audit:${VERSION}`));
    expect(job.metadata.name).toBe(`session-audit-migrate-${VERSION}`);
  });

  it('runs without root, capabilities and write access to the file system', () => {
    for (const { securityContext, automountServiceAccountToken, containers } of pods) {
      expect(securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
      expect(automountServiceAccountToken).toBe(false);
      expect(containers[0].securityContext).toEqual({
        ...{ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
        capabilities: { drop: ['ALL'] },
      });
      for (const { mountPath, readOnly } of containers[0].volumeMounts)
        expect(readOnly || mountPath === '/tmp').toBe(true);
    }
  });

  it('mounts the volumes that it declares, and bounds its resources', () => {
    for (const { volumes, containers } of pods) {
      expect(containers[0].volumeMounts.map(({ name }) => name)).toEqual(volumes.map(({ name }) => name));
      expect(containers[0].resources).toMatchObject({
        requests: { cpu: expect.any(String) as string, memory: expect.any(String) as string },
        limits: { memory: expect.any(String) as string },
      });
    }
  });

  it('selects the pods of the server, with ports that exist', () => {
    const { labels } = deployment.spec.template.metadata;
    expect(deployment.spec.selector).toEqual({ matchLabels: labels });
    expect(readManifest('disruption-budget.yaml').spec.selector).toEqual({ matchLabels: labels });
    expect(readManifest('service.yaml').spec.selector).toEqual(labels);
    const probes = [server.startupProbe, server.livenessProbe, server.readinessProbe].map(
      ({ httpGet }) => httpGet.port,
    );
    const ports = readManifest('service.yaml').spec.ports.map(({ targetPort }) => targetPort);
    for (const port of [...probes, ...ports]) expect(server.ports!.map(({ name }) => name)).toContain(port);
  });

  it('keeps one pod while another one is stopped', () => {
    expect(deployment.spec.replicas).toBeGreaterThan(readManifest('disruption-budget.yaml').spec.minAvailable);
  });

  it('configures the server with valid variables, and serves until no new request comes', () => {
    const { data } = readManifest('config.yaml');
    const variables = Object.fromEntries(server.env!.map(({ name, value }) => [name, value]));
    const { DATABASE_URL_FILE: _file, ...env } = variables;
    const config = loadConfig({ ...data, ...env });
    const port = (name: string) => server.ports!.find((known) => known.name === name)!.containerPort;
    expect(config.PORT).toBe(port('http'));
    expect(config.METRICS_LISTEN).toBe(`0.0.0.0:${port('metrics')}`);
    const { periodSeconds, failureThreshold } = server.readinessProbe;
    expect(config.SHUTDOWN_DELAY).toBeGreaterThan(periodSeconds * failureThreshold * 1000);
    expect(deployment.spec.template.spec.terminationGracePeriodSeconds! * 1000).toBeGreaterThan(
      Number(config.SHUTDOWN_DELAY),
    );
  });
});
