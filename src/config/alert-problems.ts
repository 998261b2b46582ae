import type { Problem } from '../lib/index.ts';
import type { PlaceOf } from './people.ts';
import { clientFault } from './receiver.ts';
import type { ConfigFile } from './schema.ts';

type Path = readonly PropertyKey[];

/** Something wrong under `alerts` or `enforcement`, and where. */
interface Fault extends Omit<Problem, 'where'> {
  readonly path: Path;
}

/** The receiver that is there with the section `slack:`. */
export const SLACK_RECEIVER = 'slack';

/** What is wrong with who is told of findings, and with what is blocked: names of nobody, names used twice, ways to log in that exclude each other. */
export function alertProblems(raw: ConfigFile, placeOf: PlaceOf): Problem[] {
  const faults = [...receiverFaults(raw), ...routeFaults(raw), ...levelFaults(raw), ...ownerFaults(raw)];
  return [...toProblems('alerts', faults, placeOf), ...toProblems('enforcement', ruleFaults(raw), placeOf)];
}

function toProblems(section: string, faults: readonly Fault[], placeOf: PlaceOf): Problem[] {
  return faults.map(({ path, message, ...rest }) => ({
    where: placeOf([section, ...path]),
    message: `${section}${inWords(path)}: ${message}`,
    ...rest,
  }));
}

function ruleFaults({ enforcement: { rules }, environments }: ConfigFile): Fault[] {
  const places = environments.map(({ name }) => name);
  return rules.flatMap((rule, index) =>
    unknown(['rules', index, 'environments'], rule.environments, places, 'environment'),
  );
}

function receiverFaults({ alerts: { receivers }, slack }: ConfigFile): Fault[] {
  const names = receivers.map(({ name }) => name);
  return receivers.flatMap((receiver, index) => [
    ...(names.indexOf(receiver.name) < index
      ? [fault(['receivers', index, 'name'], `"${receiver.name}" is the name of another receiver`)]
      : []),
    ...(receiver.name === SLACK_RECEIVER
      ? [fault(['receivers', index, 'name'], 'this is the name of slack.alert_channel', 'choose another')]
      : []),
    ...(receiver.type === 'slack' && slack === undefined
      ? [fault(['receivers', index, 'type'], 'there is no workspace: countersign.yaml has no slack: section')]
      : []),
    ...(receiver.type === 'alertmanager' ? loginFaults(receiver, index) : []),
    ...(receiver.type === 'slack' ? [] : clientFaults(receiver, index)),
  ]);
}

function clientFaults(
  receiver: Exclude<ConfigFile['alerts']['receivers'][number], { type: 'slack' }>,
  index: number,
): Fault[] {
  const problem = clientFault(receiver.type === 'webhook' ? [receiver.url] : receiver.urls, receiver);
  return problem === null ? [] : [fault(['receivers', index], problem)];
}

function loginFaults(
  receiver: Extract<ConfigFile['alerts']['receivers'][number], { type: 'alertmanager' }>,
  index: number,
): Fault[] {
  const { username, password_file: password, bearer_token_file: token } = receiver;
  const path = ['receivers', index];
  if ((username === undefined) !== (password === undefined))
    return [fault(path, 'username and password_file go together', 'give both or neither')];
  if (username !== undefined && token !== undefined)
    return [fault([...path, 'bearer_token_file'], 'there is a username as well', 'keep one way to log in')];
  return username?.includes(':')
    ? [fault([...path, 'username'], 'no username of basic authentication holds a colon')]
    : [];
}

function routeFaults(raw: ConfigFile): Fault[] {
  const { alerts, environments } = raw;
  const owners = alerts.owners.map(({ owner }) => owner);
  const places = environments.map(({ name }) => name);
  const ofRoutes = alerts.routes.flatMap((route, index) => [
    ...unknownReceivers(raw, ['routes', index, 'to'], route.to),
    ...unknown(['routes', index, 'environments'], route.environments, places, 'environment'),
    ...unknown(['routes', index, 'owners'], route.owners, owners, 'owner under alerts.owners'),
  ]);
  return [...unknownReceivers(raw, ['default'], alerts.default ?? []), ...ofRoutes];
}

function levelFaults(raw: ConfigFile): Fault[] {
  const people = raw.people.map(({ id }) => id);
  return raw.alerts.escalation.flatMap((level, index) => [
    ...unknownReceivers(raw, ['escalation', index, 'to'], level.to),
    ...unknown(['escalation', index, 'people'], level.people, people, 'person under people'),
    ...(level.to.length + level.people.length === 0
      ? [fault(['escalation', index], 'it asks nobody', 'name receivers under to, or people')]
      : []),
  ]);
}

function ownerFaults({ alerts: { owners } }: ConfigFile): Fault[] {
  return owners.flatMap(({ owner }, index) =>
    owner === '*' ? [fault(['owners', index, 'owner'], '* stands for all owners', 'choose a name')] : [],
  );
}

function unknownReceivers({ alerts, slack }: ConfigFile, path: Path, names: readonly string[]): Fault[] {
  const known = [
    ...(slack === undefined ? [] : [SLACK_RECEIVER]),
    ...alerts.receivers.map(({ name }) => name),
  ];
  return unknown(path, names, known, 'receiver');
}

function unknown(path: Path, names: readonly string[], known: readonly string[], what: string): Fault[] {
  return names.flatMap((name, index) =>
    name === '*' || known.includes(name)
      ? []
      : [
          fault(
            [...path, index],
            `there is no ${what} "${name}"`,
            `there are: ${known.join(', ') || 'none'}`,
          ),
        ],
  );
}

function fault(path: Path, message: string, fix?: string): Fault {
  return { path, message, ...(fix === undefined ? {} : { fix }) };
}

function inWords(path: Path): string {
  return path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
}
