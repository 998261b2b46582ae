export { kindOfAddress } from './address.ts';
export { createOutbound, type Outbound, type OutboundOptions } from './client.ts';
export { systemResolve } from './lookup.ts';
export { OutboundHost, type OutboundPolicy, OutboundRange } from './policy.ts';
export type { OutboundRequest } from './request.ts';
