import { constants } from 'node:os';
import { aborted, Interruption, onInterruption, unlessAborted } from '../compose/interruption.ts';
import { APPROVALS, CAST } from './cast.ts';
import { expect, StoryError } from './expect.ts';
import { createNarrator, type Narrator } from './narrator.ts';
import { ask, countersign } from './observe.ts';
import { deployUngoverned, submitBiased } from './steps/bypassed.ts';
import { comeUp, deployGoverned, governVersion } from './steps/governed.ts';
import { swapBytes, verifyOffline } from './steps/tampered.ts';
import { submitAgainArguments } from './submission.ts';
import { openWorld, type World } from './world.ts';

/** Tells the story of the failure that Countersign is there to prevent; throws at the first step that does not hold. */
async function tell(world: World, narrator: Narrator): Promise<void> {
  await comeUp(world, narrator);
  await governVersion(world, narrator);
  narrator.step(4, '4.1.2 goes into production');
  await deployGoverned(world, narrator);
  narrator.step(5, 'An engineer retrains with new data and deploys 4.2.0 without governance');
  await deployUngoverned(world, narrator);
  narrator.step(6, '4.2.0 is submitted after all');
  await submitBiased(world, narrator);
  narrator.step(7, 'Somebody swaps the bytes of the deployed 4.1.2');
  await swapBytes(world, narrator);
  narrator.step(8, 'The record of 4.1.2 is verified offline: no server, no database');
  await verifyOffline(world, narrator);
  await printVerdicts(world, narrator);
}

interface StatusAnswer {
  readonly versions: readonly {
    readonly modelVersion: string;
    readonly verdict: { readonly status: string; readonly reasons: readonly { readonly message: string }[] };
  }[];
  readonly findings: readonly { readonly kind: string; readonly summary: string }[];
}

async function printVerdicts(world: World, narrator: Narrator): Promise<void> {
  const status = await ask<StatusAnswer>(world, '/api/v1/models/fraud-detection');
  narrator.plain('\nVerdicts');
  for (const { modelVersion, verdict } of status.versions) {
    narrator.plain(
      `  fraud-detection@${modelVersion}  ${verdict.status}  ${verdict.reasons.map(({ message }) => message).join('; ')}`,
    );
  }
  narrator.plain('Findings that fire');
  for (const { kind, summary } of status.findings) narrator.plain(`  ${kind}  ${summary}`);
}

/** Leaves a card that waits for answers, and says how to go on from here. */
async function invite(world: World, narrator: Narrator): Promise<void> {
  const { status, output } = await countersign(world, submitAgainArguments('4.1.2'));
  expect(status === 0, `4.1.2 to be submitted once more: ${output}`);
  narrator.plain('\nStill up, until Ctrl-C. 4.1.2 was submitted once more: its card waits for you in Slack.');
  const start = new URLSearchParams({ as: CAST.mira.slack, channel: APPROVALS.id });
  narrator.plain(`  Slack    ${world.slack.pageUrl}?${start}`);
  narrator.plain('           (a stand-in: approve as Mira, switch to Tomás at the side and approve again)');
  narrator.plain(`  API      ${world.service.url}/            (OpenAPI: ${world.service.url}/openapi.json)`);
  narrator.plain(`  metrics  ${world.service.url}/metrics`);
  for (const line of commandLine(world)) narrator.plain(`  ${line}`);
}

/** How to go on at the command line: what is typed works as it stands. */
function commandLine({ service, configFile }: World): string[] {
  return [
    `shell    export COUNTERSIGN_URL=${service.url} COUNTERSIGN_CONFIG='${configFile}'`,
    '         export COUNTERSIGN_TOKEN="$(npm run -s countersign -- tokens create \\',
    `           --subject person:${CAST.mira.id} --scope decide --expires-in 1d)"`,
    '         (as Mira, confirm it in Slack: a direct message from Countersign, at the side)',
    '         npm run -s countersign -- approve fraud-detection@4.1.2',
  ];
}

/** Runs the demo; the exit status is 0 only if every step held. @throws Interruption when a signal came before that */
async function main(stayUp: boolean): Promise<number> {
  const interrupted = onInterruption();
  const narrator = createNarrator(process.stdout);
  narrator.step(1, 'Countersign starts: embedded Postgres, API, worker, Slack bot, monitor');
  const world = await openWorld((message) => narrator.quote(message), interrupted);
  try {
    await unlessAborted(interrupted, tell(world, narrator));
    narrator.plain('\nEvery step held.');
    if (!stayUp) return 0;
    await unlessAborted(interrupted, invite(world, narrator));
    await aborted(interrupted);
    return 0;
  } catch (error) {
    if (error instanceof Interruption) throw error;
    process.stderr.write(
      `\nThe story broke: ${error instanceof StoryError ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
    );
    return 1;
  } finally {
    await world.close();
  }
}

/** As shells have it for a program that a signal ended: 128 and the signal's number. */
function statusOf(error: unknown): number {
  if (error instanceof Interruption) return 128 + constants.signals[error.signal];
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return 2;
}

main(!process.argv.includes('--exit')).then(
  (status) => process.exit(status),
  (error: unknown) => process.exit(statusOf(error)),
);
