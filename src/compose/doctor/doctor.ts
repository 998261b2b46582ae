import type { Examined, OnArea } from '../../cli/index.ts';
import { type Config, loadConfig, type ServiceEnvironment, serviceEnvironment } from '../../config/index.ts';
import { CountersignError } from '../../domain/index.ts';
import { catalogueOf } from '../catalogue.ts';
import { systemClock } from '../clock.ts';
import { refuseUnfit } from '../fitness.ts';
import { SURFACES } from '../surface.ts';
import { examineAlerts } from './alerts.ts';
import { type ClockReading, examineClocks } from './clocks.ts';
import { examineDatabase } from './database.ts';
import { about } from './examined.ts';
import { examineFetching } from './fetching.ts';
import { examineIsolation } from './isolation.ts';
import { examinePublishing } from './publishing.ts';
import { examineQueue } from './queue.ts';
import { examineRoles } from './roles.ts';
import { examineSigning } from './signing.ts';
import { examineSlack } from './slack.ts';
import { examineSources } from './sources.ts';
import { examineTrust } from './trust.ts';

const { ok, problem } = about('configuration');

/** Looks at everything that a configuration leads to. Nothing is started, written or posted. */
export async function examine(
  configPath: string | null,
  onArea: OnArea,
  environment: ServiceEnvironment = serviceEnvironment(),
): Promise<Examined[]> {
  onArea('configuration');
  const read = await readConfiguration(configPath, environment);
  if (read.config === null) return [...read.examined];
  const { config } = read;
  onArea('trust');
  const trust = await examineTrust(config, systemClock.now());
  const outside = await examineOutside(config, onArea);
  onArea('database');
  const database = await examineDatabase(config);
  const readings = readClock('the database', database.time);
  onArea('queue');
  const queue = await examineQueue(config);
  readings.push(...readClock('Redis', queue.time));
  onArea('isolation');
  const isolation = await examineIsolation(config);
  onArea('slack');
  const slack = await examineSlack(config);
  onArea('roles');
  const roles = await examineRoles(config, slack.inspector, systemClock.now());
  return [
    ...read.examined,
    ...trust,
    ...outside,
    ...database.examined,
    ...queue.examined,
    ...examineClocks(readings),
    ...isolation,
    ...slack.examined,
    ...roles,
  ];
}

/** Looks at what others run, at all of it at the same time: each may be silent until its time is over. */
async function examineOutside(config: Config, onArea: OnArea): Promise<Examined[]> {
  const areas = {
    signing: () => examineSigning(config, systemClock.now()),
    sources: () => examineSources(config),
    fetching: () => examineFetching(config),
    publishing: () => examinePublishing(config),
    alerts: () => examineAlerts(config),
  };
  const looking = Object.entries(areas).map(([area, look]) => {
    onArea(area as keyof typeof areas);
    return look();
  });
  return (await Promise.all(looking)).flat();
}

function readClock(whose: string, time: number | null): ClockReading[] {
  return time === null ? [] : [{ whose, time, here: Date.parse(systemClock.now()) }];
}

async function readConfiguration(
  path: string | null,
  environment: ServiceEnvironment,
): Promise<{ readonly config: Config | null; readonly examined: readonly Examined[] }> {
  try {
    const config = await loadConfig(path ?? environment.configFile ?? 'countersign.yaml', environment);
    const unfit = await refuseUnfit(config, catalogueOf(config), SURFACES).then(() => [], problemsIn);
    return { config, examined: unfit.length > 0 ? unfit : [ok(`${config.file} is in order`)] };
  } catch (error) {
    return { config: null, examined: problemsIn(error) };
  }
}

function problemsIn(error: unknown): Examined[] {
  if (!(error instanceof CountersignError)) throw error;
  if (error.problems.length === 0)
    return [problem(error.message, 'countersign init writes one to start from')];
  return error.problems.map(({ where, message, fix }) =>
    problem(`${where}: ${message}`, fix ?? 'correct it'),
  );
}
