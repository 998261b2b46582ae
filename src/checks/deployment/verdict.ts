import type { CheckReport } from '../../domain/index.ts';
import type { CheckInput, EvidenceUse } from '../contract.ts';
import {
  counted,
  insufficient,
  notSubmitted,
  problem,
  type ReportParts,
  report,
  toCheckProblems,
} from '../report.ts';
import { any, type Finding, fails, problemsOf } from './finding.ts';
import { workloadsBehind } from './model-services.ts';
import { strangers } from './policy.ts';
import { DEPLOYMENT, type Manifests, readManifests } from './read.ts';
import { nameOf, type Reference, whereOf } from './resource.ts';
import { type Endpoint, type Serving, servingDoors } from './serving.ts';

/** The evidence uses of a check of the deployment. */
export const DEPLOYMENT_EVIDENCE: readonly EvidenceUse[] = [
  {
    name: DEPLOYMENT,
    required: true,
    description:
      'the rendered manifests of the endpoint: Kubernetes YAML or JSON, or a Kong declarative configuration',
  },
  {
    name: `${DEPLOYMENT}.*`,
    required: false,
    description: 'further manifests; names that begin with deployment.nginx are nginx configuration files',
  },
];

/** What was read: the manifests and the doors to the model, or the report that says why not. */
export type Opened =
  | {
      readonly ok: true;
      readonly manifests: Manifests;
      readonly serving: Serving & { readonly endpoint: Endpoint };
    }
  | { readonly ok: false; readonly report: CheckReport };

/** Reads the deployment evidence and finds the doors to the model. */
export async function openDeployment(
  input: CheckInput<unknown>,
  endpoint: Endpoint | undefined,
): Promise<Opened> {
  const manifests = await readManifests(input.evidence);
  const refused = (message: string, problems: Parameters<typeof insufficient>[1]): Opened => ({
    ok: false,
    report: insufficient(message, problems),
  });
  if (manifests === undefined)
    return refused(`no deployment manifests were submitted (evidence ${DEPLOYMENT})`, [
      notSubmitted(DEPLOYMENT, 'the rendered manifests of the endpoint'),
    ]);
  if (manifests.problems.length > 0)
    return refused(
      `the deployment manifests cannot be judged: ${manifests.problems[0]?.where} ${manifests.problems[0]?.message}`,
      toCheckProblems(manifests.problems),
    );
  const serving = servingDoors(manifests, input.modelId, endpoint);
  if (serving.endpoint === undefined || serving.doors.length === 0) {
    const problems = problemsOf(serving.findings, 'unknown', 'fails');
    return refused(`the way to the model is not found: ${problems[0]?.message ?? ''}`, problems);
  }
  return { ok: true, manifests, serving: { ...serving, endpoint: serving.endpoint } };
}

/** Objects of unknown kinds that act on a door, its Gateways or its Services. */
export function strangersAt({ resources }: Manifests, { doors }: Serving): Finding[] {
  const routes = doors.flatMap(({ frame }): Reference[] => ('resource' in frame ? [frame.resource] : []));
  const gateways = resources.filter(({ kind }) => kind === 'Gateway');
  return strangers(resources, [...routes, ...gateways, ...doors.flatMap(({ backends }) => backends)]);
}

/** Annotation by which a workload says which artifact it serves. */
const ARTIFACT = 'countersign.dev/artifact';

/** Workloads behind the doors that say that they serve another artifact than the one under review. */
export function otherArtifacts({ resources }: Manifests, { doors }: Serving, digest: string): Finding[] {
  return doors
    .flatMap(({ backends }) => backends.flatMap((backend) => workloadsBehind(resources, backend)))
    .filter(({ annotations }) => ![undefined, digest].includes(annotations[ARTIFACT]))
    .map((workload) =>
      fails(
        whereOf(workload),
        `says that it serves ${workload.annotations[ARTIFACT]?.slice(0, 80)}, and the artifact is ${digest}`,
        'submit the manifests of this version',
      ),
    );
}

/**
 * The report that findings amount to: failed where anything fails, insufficient where anything is unknown or nothing holds,
 * else passed, with the warnings told beside it.
 *
 * @param said what a pass says
 */
export function verdictOf(
  findings: readonly Finding[],
  { doors, endpoint }: Serving,
  said: string,
  parts: ReportParts = {},
): CheckReport {
  const warnings = problemsOf(findings, 'warns');
  const details = {
    endpoint: endpoint === undefined ? null : { ...endpoint },
    doors: doors.map(doorDetail),
    holds: problemsOf(findings, 'holds').map(({ where, message }) => `${where}: ${message}`),
    warnings: warnings.map(({ where, message, remedy }) => ({
      where,
      message,
      ...(remedy === undefined ? {} : { remedy }),
    })),
    ...parts.details,
  };
  const measurements = [{ name: 'doors', value: doors.length, unit: 'count' }, ...(parts.measurements ?? [])];
  const failed = any(findings, 'fails');
  if (failed || any(findings, 'unknown')) {
    const problems = [...problemsOf(findings, 'fails'), ...problemsOf(findings, 'unknown')];
    const first = problems[0];
    const more = problems.length > 1 ? `; ${counted(problems.length - 1, 'more problem')}` : '';
    return report(failed ? 'failed' : 'insufficient_evidence', `${first?.where} ${first?.message}${more}`, {
      problems,
      measurements,
      details,
    });
  }
  if (!any(findings, 'holds'))
    return report('insufficient_evidence', 'nothing in the manifests shows it', {
      problems: [
        problem(
          DEPLOYMENT,
          'nothing in the manifests shows it',
          'submit the manifests of every object on the way to the model',
        ),
      ],
      measurements,
      details,
    });
  const told =
    warnings.length === 0 ? '' : `; ${counted(warnings.length, 'warning')}: ${warnings[0]?.message}`;
  return report('passed', `${said}${told}`, { measurements, details });
}

function doorDetail({ platform, name, hosts, path, backends }: Serving['doors'][number]) {
  return { platform, name, hosts: [...hosts], path: path.value, backends: backends.map(nameOf) };
}
