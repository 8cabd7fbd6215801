import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { AppConfig } from '../../../config/app-config.js';
import { TRACES, type Traces } from './traces.js';

/** Loads the libraries only when OTEL_EXPORTER_OTLP_ENDPOINT is set. */
export async function openTraces({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }: AppConfig): Promise<Traces | null> {
  if (endpoint === '') return null;
  const { OtlpTraces } = await import('./otlp-traces.js');
  return new OtlpTraces(endpoint);
}

@Injectable()
export class CloseTraces implements OnApplicationShutdown {
  constructor(@Inject(TRACES) private readonly traces: Traces | null) {}

  async onApplicationShutdown(): Promise<void> {
    await this.traces?.close();
  }
}
