import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';

const FOLDER = 'deploy/kubernetes';

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
  readonly periodSeconds: number;
  readonly failureThreshold: number;
}

/** The parts of a container that the tests use. */
interface Container {
  readonly image: string;
  readonly args?: string[];
  readonly ports?: { name: string; containerPort: number }[];
  readonly env?: { name: string; value: string }[];
  readonly resources: { requests: Record<string, string>; limits: Record<string, string> };
  readonly securityContext: object;
  readonly volumeMounts: { name: string; mountPath: string; readOnly?: boolean }[];
  readonly startupProbe: Probe;
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
}

interface PodSpec {
  readonly containers: [Container];
  readonly volumes: { name: string }[];
  readonly securityContext: object;
  readonly automountServiceAccountToken: boolean;
  readonly enableServiceLinks: boolean;
  readonly terminationGracePeriodSeconds?: number;
}

/** An object of the Kubernetes API. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Record<string, string>;
  readonly spec: {
    readonly replicas: number;
    readonly minAvailable: number;
    readonly selector: Record<string, unknown>;
    readonly ports: { targetPort: string }[];
    readonly template: { metadata: { labels: Record<string, string> }; spec: PodSpec };
  };
}

/** Names of the files, without the one that lists the others. */
export function manifestFiles(): string[] {
  return readdirSync(FOLDER).filter((name) => name !== 'kustomization.yaml');
}

export function readManifest<T = Manifest>(name: string): T {
  return load(readFileSync(join(FOLDER, name), 'utf8')) as T;
}
