/** DSSE's pre-authentication encoding: the bytes that a signature of an envelope is over. */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(preAuthHead(payloadType, payload.length)), payload]);
}

/** What goes before the payload in that encoding. */
export function preAuthHead(payloadType: string, payloadBytes: number): string {
  return `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payloadBytes} `;
}
