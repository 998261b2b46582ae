import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkVersions, createCatalogue, createCheckRunner, defineScript } from '../../src/checks/index.ts';
import { parsePipeline } from '../../src/domain/index.ts';
import { createBlobStore } from '../../src/evidence/index.ts';
import { describeRun, executeRun, submitRun } from '../../src/services/index.ts';
import { alreadyKnown } from '../checks/support/isolation.ts';
import { install } from '../checks/support/scripts.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { storeExample } from '../support/example.ts';
import { type Governance, openGovernance } from '../support/governed-artifact.ts';

const PIPELINE = `stages:
  - name: risk_classification
    checks: [risk_tier_assigned]
  - name: own
    checks: [{ name: house_rule, parameters: { words: [risk] } }]
`;

/** Looks for words in the questionnaire. */
const RULE = (version: string) => `# ${version}
import json, os, sys
text = open(os.path.join(os.environ['COUNTERSIGN_EVIDENCE'], 'risk_questionnaire')).read()
words = json.load(open(os.environ['COUNTERSIGN_PARAMETERS']))['words']
print(json.dumps({'details': f'{sys.argv[1]} {sys.argv[2]}: {len(words)} words looked for'}))
sys.exit(0 if all(word in text for word in words) else 1)
`;

let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'countersign-script-'));
});

afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

/** A service whose operator has installed a rule of the house. */
async function serviceWith(rule: string): Promise<Governance['context']> {
  const { context } = openGovernance(database.db);
  const parsed = parsePipeline(PIPELINE, 'pipeline.yaml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const script = await install({
    text: rule,
    definition: {
      name: 'house_rule',
      evidence: [{ name: 'risk_questionnaire', required: true, description: 'the questionnaire' }],
      parameters: { words: { type: 'strings', default: [], description: 'words' } },
    },
  });
  const catalogue = createCatalogue([defineScript(script)]);
  const { digest } = parsed.value;
  const pipelines = [{ digest, models: ['*'], environments: ['*'] }];
  return {
    ...context,
    trust: { policy: { ...context.trust.policy, pipelines }, pipelines: new Map([[digest, parsed.value]]) },
    checkVersions: checkVersions(catalogue),
    blobs: createBlobStore(folder, randomUUID),
    checks: createCheckRunner({ catalogue, ...alreadyKnown() }),
  };
}

async function run(context: Governance['context']) {
  const [pipeline] = context.trust.pipelines.keys();
  if (pipeline === undefined) throw new Error('expected a pipeline');
  const example = await storeExample(context.blobs, '4.1.2');
  const submission = { ...example, pipeline, inputs: {}, authors: [], attempt: 'same' as const };
  const started = await submitRun(context, submission, { subject: 'ci:build', person: 'sam' });
  await executeRun(context, started.run.id);
  return { ...(await describeRun(context, started.run.id, 'production')), created: started.created };
}

it('a pipeline names a script as it names any check, and a changed script makes another run', async () => {
  const context = await serviceWith(RULE('first'));
  const first = await run(context);
  expect(first.stages[1]).toMatchObject({
    name: 'own',
    state: 'passed',
    results: [
      {
        check: 'house_rule',
        outcome: 'passed',
        message: 'fraud-detection 4.1.2: 1 words looked for',
        version: context.checkVersions.get('house_rule'),
        parameters: { words: ['risk'] },
        details: { exitStatus: 0, isolation: { kind: expect.any(String) } },
      },
    ],
  });
  expect(await run(context)).toMatchObject({ created: false, run: { id: first.run.id } });
  const other = await run(await serviceWith(RULE('second')));
  expect(other).toMatchObject({ created: true, run: { state: first.run.state } });
  expect(other.run.id).not.toBe(first.run.id);
}, 90_000);
