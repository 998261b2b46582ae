import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A certificate with its key, in PEM. */
export interface Issued {
  readonly cert: string;
  readonly key: string;
}

/** What a certificate may differ in from a good one for `localhost`. */
export interface IssueParts {
  readonly name?: string;
  /** Start and end of its validity as days from now. */
  readonly days?: number;
  readonly key?: readonly string[];
}

const CURVE = ['ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];

/** A private authority in a folder, by Debian's openssl. */
export async function authority(folder: string) {
  const at = (name: string) => join(folder, name);
  await run('openssl', [
    'req',
    '-x509',
    '-newkey',
    ...CURVE,
    '-nodes',
    '-days',
    '365',
    '-subj',
    '/CN=Test CA',
    '-keyout',
    at('ca.key'),
    '-out',
    at('ca.crt'),
    '-addext',
    'keyUsage=critical,keyCertSign',
  ]);
  const issue = async (
    label: string,
    { name = 'localhost', days = 90, key = CURVE }: IssueParts = {},
  ): Promise<Issued> => {
    const [keyFile, request, certificate, extensions] = ['key', 'csr', 'crt', 'ext'].map((end) =>
      at(`${label}.${end}`),
    ) as [string, string, string, string];
    await writeFile(extensions, `subjectAltName=DNS:${name}\n`);
    await run('openssl', [
      'req',
      '-new',
      '-newkey',
      ...key,
      '-nodes',
      '-subj',
      `/CN=${name}`,
      '-keyout',
      keyFile,
      '-out',
      request,
    ]);
    await run('openssl', [
      'x509',
      '-req',
      '-in',
      request,
      '-CA',
      at('ca.crt'),
      '-CAkey',
      at('ca.key'),
      '-CAcreateserial',
      '-days',
      String(days),
      '-extfile',
      extensions,
      '-out',
      certificate,
    ]);
    return { cert: await readFile(certificate, 'utf8'), key: await readFile(keyFile, 'utf8') };
  };
  return { ca: await readFile(at('ca.crt'), 'utf8'), issue };
}
