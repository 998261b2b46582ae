import { type Finding, type FindingEvent, type HandledAlert, isLoud } from '../../../domain/index.ts';
import { section } from '../block.ts';
import { type Message, message } from '../message.ts';
import { escaped, listed, time } from '../text.ts';
import { type AlertSurroundings, personOr, runLink } from './alert-facts.ts';
import { alertTitle } from './alert-title.ts';
import { WHEN_RESOLVED } from './words.ts';

const WORDS_SHOWN = 1000;

/** One step of a finding, for its thread. What is told to the whole channel says by itself what it is about. Pure. */
export function alertNote(event: FindingEvent, alert: HandledAlert, around: AlertSurroundings): Message {
  const lines = linesOf(event, alert, around);
  const about = isLoud(event) && alert.state === 'firing' ? [`*${alertTitle(alert).line}*`] : [];
  const told = message([...about, ...lines].join(' '), [section(...about, ...lines)], {
    event_type: 'countersign_alert_note',
    event_payload: { event: String(event.id), at: event.at },
  });
  // A step that is told late wakes nobody for what is over by now.
  return about.length === 0 ? told : { ...told, isLoud: true };
}

function linesOf(
  event: FindingEvent,
  { finding, handling, firedAt }: HandledAlert,
  { nameOf, runUrl }: AlertSurroundings,
): string[] {
  const by = personOr(event.person, nameOf);
  const at = time(event.at);
  switch (event.kind) {
    case 'fired':
      return [`🔔 Fired ${at}.`];
    case 'acknowledged':
      return [`👀 Acknowledged by ${by}, ${at}.`];
    case 'muted':
      return [
        `🔕 Muted by ${by} until ${time(event.until)}, ${at}.`,
        `Because: ${escaped(event.reason, WORDS_SHOWN)}`,
      ];
    case 'unmuted':
      return [`🔔 Unmuted by ${by}, ${at}.`];
    case 'mute_ended':
      return [
        `🔔 The mute is over, and it still fires, since ${time(firedAt)}.`,
        next(handling.acknowledged !== null),
      ];
    case 'changed':
      return [
        changed(event, finding, at),
        ...(event.worse
          ? ['Whoever knew of it knew of something else: what was acknowledged or muted is open again.']
          : []),
      ];
    case 'escalated':
      return escalated(event, time(firedAt), nameOf);
    case 'blocked':
    case 'block_held':
    case 'released':
      return [traffic(event, at)];
    case 'block_allowed':
      return [
        `⛔ ${by} lets its traffic be blocked beyond the limit, ${at}: the monitor does it at its next tick.`,
      ];
    case 'run_asked':
      return [`▶️ ${by} asked for the pipeline to be run again, ${at}.`];
    case 'run_queued':
    case 'run_refused':
      return [runAgain(event, at, runUrl)];
    case 'resolved':
      return [`🟢 Resolved, ${at}. ${WHEN_RESOLVED[finding.kind]}`];
  }
}

type RunAgain = Extract<FindingEvent, { kind: 'run_queued' | 'run_refused' }>;

function runAgain(event: RunAgain, at: string, runUrl: AlertSurroundings['runUrl']): string {
  switch (event.kind) {
    case 'run_queued':
      return `▶️ ${runLink(event.runId, runUrl)} was queued, ${at}: the same submission as run ${escaped(event.ofRun, 80)}, as a new attempt.`;
    case 'run_refused':
      return `⚠️ Nothing was queued: ${escaped(event.reason, WORDS_SHOWN)}.`;
  }
}

type Escalated = Extract<FindingEvent, { kind: 'escalated' }>;

function escalated({ people }: Escalated, since: string, nameOf: AlertSurroundings['nameOf']): string[] {
  const whom = people.length === 0 ? '.' : `: ${listed(people.map(nameOf), 20)}, look into it.`;
  return [`⏫ Nobody has acknowledged it since ${since}${whom}`, 'Whoever does presses Acknowledge.'];
}

type Traffic = Extract<FindingEvent, { kind: 'blocked' | 'block_held' | 'released' }>;

function traffic(event: Traffic, at: string): string {
  if (event.kind === 'block_held')
    return `✋ Its traffic is not blocked, ${at}, because ${escaped(event.why, WORDS_SHOWN)}. Somebody has to decide: *Block traffic* on its message, or not.`;
  const { kind, dryRun } = event;
  if (kind === 'released') return `✅ Its traffic is let through again, ${at}${dryRun ? ' (dry run)' : ''}.`;
  return dryRun
    ? `⛔ Its traffic would be blocked, ${at}: this is a dry run, and nothing was done.`
    : `⛔ Its traffic is to be blocked, ${at}: the enforcement hook is told.`;
}

type Changed = Extract<FindingEvent, { kind: 'changed' }>;

/** Of governance that ends nothing else gets worse than that the end is nearer. */
function changed({ worse, summary }: Changed, { kind }: Finding, at: string): string {
  const nearer = kind === 'approval_expiring' ? '⌛ Its end is nearer' : '🔺 It got worse';
  return `${worse ? nearer : '✏️ It changed'}, ${at}: ${escaped(summary, WORDS_SHOWN)}`;
}

function next(isKnown: boolean): string {
  return isKnown ? 'Mend it, or mute it again and say why.' : 'Nobody has acknowledged it.';
}
