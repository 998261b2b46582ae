import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { authority, type Issued } from '../checks/support/certificates.ts';

/** A server on loopback that hangs up on whoever shows no certificate of its authority. */
export interface DemandingServer extends AsyncDisposable {
  readonly url: string;
  /** Whom it let in, by the name in the certificate, and what was asked. */
  readonly served: string[];
  /** The keys of a configuration that has everything that it takes. */
  readonly keys: {
    readonly allow_addresses: readonly string[];
    readonly ca_file: string;
    readonly client_certificate_file: string;
    readonly client_key_file: string;
  };
  /** Another client certificate of its authority. */
  issue(name: string): Promise<Issued>;
  /** Puts a client certificate where the keys name it. */
  hold(client: Issued): Promise<void>;
}

/** Starts one, with an authority of its own in an empty folder. */
export async function startDemanding(
  folder: string,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<DemandingServer> {
  const { ca, issue } = await authority(folder);
  const served: string[] = [];
  const options = { ...(await issue('server')), ca, requestCert: true, rejectUnauthorized: true };
  const server = createServer(options, (request, response) => {
    const { CN: name } = (request.socket as TLSSocket).getPeerCertificate().subject;
    served.push(`${name}: ${request.method} ${new URL(request.url ?? '', 'https://here').pathname}`);
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const at = (name: string) => join(folder, name);
  const hold = async ({ cert, key }: Issued) => {
    await Promise.all([writeFile(at('held.crt'), cert), writeFile(at('held.key'), key)]);
  };
  await hold(await issue('monitor', { name: 'monitor' }));
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    served,
    keys: {
      allow_addresses: ['127.0.0.1'],
      ca_file: at('ca.crt'),
      client_certificate_file: at('held.crt'),
      client_key_file: at('held.key'),
    },
    issue: (name) => issue(name, { name }),
    hold,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
