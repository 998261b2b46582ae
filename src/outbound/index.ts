export { kindOfAddress } from './address.ts';
export { createOutbound, type Outbound, type OutboundOptions } from './client.ts';
export { type Identity, type IdentityFiles, identityProblem, readIdentity } from './identity.ts';
export { systemResolve } from './lookup.ts';
export { OutboundHost, type OutboundPolicy, OutboundRange } from './policy.ts';
export type { OutboundRequest } from './request.ts';
