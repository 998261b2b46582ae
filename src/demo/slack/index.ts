export type { SlackActor } from './actor.ts';
export type { Delivery } from './delivery.ts';
export type { RateLimits } from './rate-limits.ts';
export { signatureOf, signRequest } from './signing.ts';
export type { SlackSockets } from './socket/sockets.ts';
export type { Interaction } from './submissions.ts';
export type { SlackEphemeral, SlackMessage, SlackUser, SlackUsergroup, SlackView } from './types.ts';
export type { SlackWorkspace, SlackWorkspaceOptions } from './workspace.ts';
export { startSlackWorkspace } from './workspace.ts';
