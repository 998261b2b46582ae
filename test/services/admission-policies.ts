import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';

/** What a policy for an admission controller demands of one key's attestations. */
export interface Demand {
  readonly type: string;
  readonly key: string | undefined;
  /** Each condition in the words of the controller; all of them must hold. */
  readonly conditions: readonly string[];
}

interface KyvernoAttestation {
  readonly type: string;
  readonly attestors: unknown;
  readonly conditions: readonly [{ readonly all: readonly Condition[] }];
}

interface Condition {
  readonly key: string;
  readonly operator: string;
  readonly value: unknown;
}

/** What the policy for Kyverno demands, block by block. */
export async function kyvernoDemands(): Promise<Demand[]> {
  const [policy] = await documentsIn('kyverno.yaml');
  const { attestations } = policy.spec.rules[0].verifyImages[0];
  return attestations.map(({ type, attestors, conditions: [{ all }] }: KyvernoAttestation) => ({
    type,
    key: keyIn(JSON.stringify(attestors)),
    conditions: all.map(({ key, operator, value }) => `${key} ${operator} ${JSON.stringify(value)}`),
  }));
}

/** What the policies for policy-controller demand: the lines of the Rego of each. */
export async function controllerDemands(): Promise<Demand[]> {
  const policies = await documentsIn('policy-controller.yaml');
  return policies.map(({ spec: { authorities } }) => {
    const [{ key, attestations }] = authorities;
    const [{ predicateType, policy }] = attestations;
    const lines: string[] = policy.type === 'rego' ? policy.data.trim().split('\n') : [];
    return { type: predicateType, key: keyIn(key.data), conditions: lines.map((line) => line.trim()) };
  });
}

async function documentsIn(name: string) {
  const text = await readFile(join(import.meta.dirname, '../../deploy/admission', name), 'utf8');
  return text.split('\n---\n').map((document) => parse(document));
}

function keyIn(text: string): string | undefined {
  return text.match(/LEDGER|MONITOR/)?.[0];
}
