import { type AlertStorm, modelName, type StormAlert } from '../../../domain/index.ts';
import { type Block, context, header, section } from '../block.ts';
import { firstThatFits, type Message, message } from '../message.ts';
import { code, counted, escaped, inWords, link, listed, time } from '../text.ts';
import type { NamePerson } from './people.ts';

/** What shows a storm besides its alerts. */
export interface StormSurroundings {
  /** The address of a finding's own message, by its number. */
  readonly messageUrls: ReadonlyMap<number, string>;
  /** The slash command with which people answer. */
  readonly command: string;
  readonly nameOf: NamePerson;
}

/** Most findings that are listed. */
const SHOWN = 30;
const IN_SECTION = 6;

/** Many findings at once: how many, which, how each stands, and how to act on one of them. Pure. */
export function stormCard(storm: AlertStorm, around: StormSurroundings): Message {
  const title = titleOf(storm);
  const blocks = firstThatFits(
    [SHOWN, 20, 10, 5].map((most) => () => stormBlocks(storm, around, title, most)),
  );
  return message(escaped(title, 500), blocks, {
    event_type: 'countersign_alert_storm',
    event_payload: { storm: String(storm.id), began_at: storm.beganAt },
  });
}

function titleOf({ kind, alerts }: AlertStorm): string {
  const firing = alerts.filter(({ state }) => state === 'firing');
  const what = kind === null ? '' : `: ${inWords(kind).toLowerCase()}`;
  if (firing.length === 0) return `🟢 Resolved, ${counted(alerts.length, 'finding')} at once${what}`;
  const isCritical = firing.some(({ finding }) => finding.severity === 'critical');
  return `${isCritical ? '🔴' : '🟡'} ${counted(alerts.length, 'finding')} at once${what}`;
}

function stormBlocks(
  { alerts, beganAt, kind }: AlertStorm,
  around: StormSurroundings,
  title: string,
  most: number,
): readonly Block[] {
  // What still fires comes first: it must not be what is left out.
  const sorted = [...alerts].sort((a, b) => rank(a) - rank(b) || a.id - b.id);
  const lines = sorted.slice(0, most).map((alert) => lineOf(alert, kind, around));
  const firing = alerts.filter(({ state }) => state === 'firing').length;
  const sections = Array.from({ length: Math.ceil(lines.length / IN_SECTION) }, (_, index) =>
    section(...lines.slice(index * IN_SECTION, (index + 1) * IN_SECTION)),
  );
  return [
    header(title),
    section(
      `*${firing} of ${alerts.length} still fire.* They came together ${time(beganAt)}: look for one cause.`,
      ...escalation(alerts, around),
    ),
    ...sections,
    ...smallPrint(footer(alerts.length - lines.length, firing, around)),
  ];
}

/** Whom the escalations of what still fires and nobody has acknowledged name. */
function escalation(alerts: readonly StormAlert[], { nameOf }: StormSurroundings): readonly string[] {
  const open = alerts.filter(({ state, handling }) => state === 'firing' && handling.escalated !== null);
  const people = new Set(open.flatMap(({ handling }) => handling.escalated?.people ?? []));
  if (open.length === 0) return [];
  const whom = people.size === 0 ? '' : ` to ${listed([...people].map(nameOf), 20)}`;
  return [`⏫ *Escalated${whom}:* nobody has acknowledged ${open.length} of them.`];
}

function rank({ state, finding }: StormAlert): number {
  if (state === 'resolved') return 2;
  return finding.severity === 'critical' ? 0 : 1;
}

/** One finding; of what kind it is goes without saying where the title says it of all. */
function lineOf(alert: StormAlert, kind: AlertStorm['kind'], { messageUrls }: StormSurroundings): string {
  const { id, finding } = alert;
  const name = finding.modelId === '*' ? finding.deployment : modelName(finding);
  const where = finding.modelId === '*' ? '' : ` – ${escaped(finding.deployment, 150)}`;
  const url = messageUrls.get(id);
  const own = url === undefined ? '' : ` · ${link(url, 'its message')}`;
  const what = kind === null ? ` ${escaped(inWords(finding.kind), 40)}:` : '';
  return `${sign(alert)} *${id}*${what} ${escaped(name, 150)}${where}${state(alert)}${own}`;
}

function sign({ state: now, handling, finding }: StormAlert): string {
  if (now === 'resolved') return '🟢';
  if (handling.mute !== null) return '🔕';
  return finding.severity === 'critical' ? '🔴' : '🟡';
}

function state({ state: now, handling }: StormAlert): string {
  if (now === 'resolved') return ' · resolved';
  if (handling.mute !== null) return ' · muted';
  return handling.acknowledged === null ? '' : ' · acknowledged';
}

function smallPrint(lines: readonly string[]): readonly Block[] {
  return lines.length === 0 ? [] : [context(...lines)];
}

function footer(hidden: number, firing: number, { command }: StormSurroundings): string[] {
  return [
    ...(hidden > 0 ? [`and ${hidden} more`] : []),
    ...(firing === 0
      ? []
      : [
          `Each keeps its number, and gets a message of its own when somebody acts on it, when it changes, or when few are left. ${code(`${command} mute <number> for 2h because …`, 120)}`,
        ]),
  ];
}
