import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMonitor, type Monitor } from '../../src/monitor/index.ts';
import { createLogger, createMetrics } from '../../src/telemetry/index.ts';
import type { Watched } from '../services/watched.ts';
import { NO_ALERTING, NO_ENFORCEMENT } from '../support/alerting.ts';

/** A monitor whose metrics stand behind a real listener on loopback. */
export interface Exporter extends AsyncDisposable {
  readonly port: number;
  readonly monitor: Monitor;
}

export async function openExporter({ context }: Watched): Promise<Exporter> {
  const metrics = createMetrics();
  const logger = createLogger({ level: 'silent', secrets: [] });
  const monitor = createMonitor({
    context: { ...context, alerting: NO_ALERTING, enforcement: NO_ENFORCEMENT },
    intervalSeconds: 30,
    auditHours: 24,
    metrics,
    logger,
    whenLed: () => {},
  });
  const server = createServer(async (_request, response) => {
    const { contentType, body } = await metrics.render();
    response.writeHead(200, { 'content-type': contentType }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    monitor,
    [Symbol.asyncDispose]: async () => {
      await monitor.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
