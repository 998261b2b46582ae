import { readFile } from 'node:fs/promises';
import type { Config, ReceiverConfig } from '../config/index.ts';
import type { Problem } from '../lib/index.ts';
import { webhookSecretProblem } from '../notify/index.ts';
import { readIdentity } from '../outbound/index.ts';

/** A receiver of alerts that is not in Slack. */
export type OutsideReceiver = Exclude<ReceiverConfig, { type: 'slack' }>;

/** What the files hold that receivers name: secrets and certificates. */
interface ReceiverFiles {
  /** By path. */
  readonly texts: ReadonlyMap<string, string>;
  /** Everything wrong with them, without anything of what they hold. */
  readonly problems: readonly Problem[];
}

/** The receivers that are not in Slack. */
export function outsideOf({ receivers }: Config['alerts']): readonly OutsideReceiver[] {
  return receivers.filter((receiver) => receiver.type !== 'slack');
}

/** Reads the files that receivers of alerts name. */
export async function readReceiverFiles({ alerts, enforcement: { hook } }: Config): Promise<ReceiverFiles> {
  const outside = outsideOf(alerts);
  const all = hook === null ? outside : [...outside, hook];
  const texts = new Map<string, string>();
  const problems: Problem[] = [];
  for (const receiver of all)
    for (const { path, isSecret } of filesOf(receiver)) {
      const read = await readText(path);
      if (typeof read === 'string') texts.set(path, read);
      const problem = typeof read === 'string' ? textProblem(read, isSecret) : read.problem;
      if (problem !== null)
        problems.push({ where: path, message: `of the receiver ${receiver.name}: ${problem}` });
    }
  for (const { name, identity } of all) problems.push(...(await identityProblems(name, identity)));
  return { texts, problems };
}

/** It is read anew at each sending: here it is only looked at. */
async function identityProblems(name: string, files: OutsideReceiver['identity']): Promise<Problem[]> {
  if (files === null) return [];
  const where = `the client certificate of the receiver ${name}`;
  return readIdentity(files).then(
    () => [],
    ({ message }: Error) => [{ where, message }],
  );
}

function filesOf(receiver: OutsideReceiver): { readonly path: string; readonly isSecret: boolean }[] {
  const plain = (paths: readonly (string | null)[]) =>
    paths.flatMap((path) => (path === null ? [] : [{ path, isSecret: false }]));
  const ca = plain([receiver.caFile]);
  if (receiver.type === 'webhook')
    return [...ca, ...receiver.secretFiles.map((path) => ({ path, isSecret: true }))];
  const { login } = receiver;
  if (login === null) return ca;
  return [...ca, ...plain(['tokenFile' in login ? login.tokenFile : login.passwordFile])];
}

async function readText(path: string): Promise<string | { readonly problem: string }> {
  return readFile(path, 'utf8').then(
    (text) => text.trim(),
    (error: NodeJS.ErrnoException) => ({ problem: `it cannot be read (${error.code ?? 'unknown error'})` }),
  );
}

function textProblem(text: string, isSecret: boolean): string | null {
  if (text === '') return 'it is empty';
  if (/[\r\n]/.test(text) && !text.startsWith('-----BEGIN')) return 'it has several lines';
  return isSecret ? webhookSecretProblem(text) : null;
}
