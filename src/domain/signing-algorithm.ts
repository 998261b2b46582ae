/**
 * Kinds of key that statements are signed with. Every Sigstore tool signs and verifies ECDSA on P-256 alike; Ed25519 is
 * for those who ask for it: cosign's own Ed25519 keys sign another form of the message.
 */
export const SIGNING_ALGORITHMS = ['ecdsa_p256', 'ed25519'] as const;
export type SigningAlgorithm = (typeof SIGNING_ALGORITHMS)[number];
