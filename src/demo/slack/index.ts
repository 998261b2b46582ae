export type { SlackActor } from './actor.ts';
export type { ButtonChoice } from './buttons.ts';
export type { SlackCall } from './calls.ts';
export type { MessageClick, ViewClick } from './clicks.ts';
export type { Delivery } from './delivery.ts';
export { SlackActorError } from './error.ts';
export type { HeldCall, SlackFaults } from './faults.ts';
export type { WaitOptions } from './feed.ts';
export type { InputValue, InputValues } from './inputs.ts';
export type { JsonObject } from './json.ts';
export type { EventOptions, EventRetry } from './link.ts';
export type { RawRequest, SigningInput } from './signing.ts';
export { signatureOf, signRequest } from './signing.ts';
export type { Interaction, Submission } from './submissions.ts';
export type {
  SlackApp,
  SlackChannel,
  SlackEphemeral,
  SlackMessage,
  SlackTeam,
  SlackUser,
  SlackUsergroup,
  SlackView,
} from './types.ts';
export type { SlackWorkspace, SlackWorkspaceOptions } from './workspace.ts';
export { startSlackWorkspace } from './workspace.ts';
