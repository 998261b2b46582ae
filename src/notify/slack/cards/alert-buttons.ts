import { type HandledAlert, modelName } from '../../../domain/index.ts';
import { actions, type Block, type Button, plainText } from '../block.ts';

/** The buttons of an alert, by action id; each carries the finding's number. */
export const ACKNOWLEDGE_ACTION = 'finding.acknowledge';
export const MUTE_ACTION = 'finding.mute';
export const UNMUTE_ACTION = 'finding.unmute';
export const RUN_ACTION = 'finding.run';
export const RENEW_ACTION = 'finding.renew';
export const BLOCK_ACTION = 'finding.block';

/** What can be done about an alert while it fires: only what would do something. */
export function alertButtons(alert: HandledAlert): readonly Block[] {
  if (alert.state === 'resolved') return [];
  const { acknowledged, mute, runAsked, held } = alert.handling;
  const canRun = alert.submission !== null && runAsked === null;
  const buttons = [
    ...(acknowledged === null ? [button(alert, ACKNOWLEDGE_ACTION, 'Acknowledge')] : []),
    mute === null ? button(alert, MUTE_ACTION, 'Mute…') : button(alert, UNMUTE_ACTION, 'Unmute'),
    ...(canRun ? [isAboutEnd(alert) ? renewButton(alert) : runButton(alert)] : []),
    ...(held !== null && held.allowed === null ? [blockButton(alert)] : []),
  ];
  return [actions(...buttons)];
}

/** Governance that ends, or has: what to do is renew it. */
function isAboutEnd({ finding }: HandledAlert): boolean {
  return finding.kind === 'approval_expiring' || finding.kind === 'approval_expired';
}

/** The button that starts a renewal, wherever the end is told; none where nothing can be run again. */
export function renewalButtons(alert: HandledAlert): readonly Block[] {
  const { submission, handling, state } = alert;
  const canRun = state === 'firing' && submission !== null && handling.runAsked === null;
  return canRun ? [actions(renewButton(alert))] : [];
}

function renewButton(alert: HandledAlert): Button {
  const what = `The pipeline is run again on ${modelName(alert.finding)}, with the evidence that was submitted. What stands goes on standing until the new run is decided; people are asked where its risk tier demands it.`;
  return {
    ...button(alert, RENEW_ACTION, 'Start renewal'),
    style: 'primary',
    confirm: {
      title: plainText('Start the renewal?', 100),
      text: plainText(what, 300),
      confirm: plainText('Start it', 30),
      deny: plainText('Cancel', 30),
    },
  };
}

function blockButton(alert: HandledAlert): Button {
  const what = `The traffic of ${alert.finding.deployment} is blocked beyond the limit, until nothing of it fires any more that would have it blocked. The signed order names you.`;
  return {
    ...button(alert, BLOCK_ACTION, 'Block traffic'),
    style: 'danger',
    confirm: {
      title: plainText('Block its traffic?', 100),
      text: plainText(what, 300),
      confirm: plainText('Block it', 30),
      deny: plainText('Cancel', 30),
    },
  };
}

function button({ id }: HandledAlert, action_id: string, label: string): Button {
  return { type: 'button', action_id, text: plainText(label, 75), value: String(id) };
}

function runButton(alert: HandledAlert): Button {
  const what = `The submission of ${modelName(alert.finding)} is queued again, as a new attempt. People are asked anew where its risk tier demands it.`;
  return {
    ...button(alert, RUN_ACTION, 'Run the pipeline'),
    confirm: {
      title: plainText('Run the pipeline again?', 100),
      text: plainText(what, 300),
      confirm: plainText('Run it', 30),
      deny: plainText('Cancel', 30),
    },
  };
}
