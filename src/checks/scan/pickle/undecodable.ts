/** Thrown where a pickle cannot be followed any further; the message completes "the pickle …". */
export class Undecodable extends Error {}
