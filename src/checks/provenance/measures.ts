/** Techniques that reduce what data tell about a person: our list, in the spelling of data provenance metadata. */
export const MEASURES = [
  'anonymization',
  'pseudonymization',
  'tokenization',
  'data-masking',
  'redaction',
  'aggregation',
  'generalization',
  'k-anonymity',
  'differential-privacy',
  'synthetic-data',
  'encryption',
  'homomorphic-encryption',
  'federated-learning',
  'secure-multi-party-computation',
  'trusted-execution-environment',
] as const;

/** A measure in the spelling of the list, or undefined when it is none of them. */
export function measureOf(stated: string): string | undefined {
  const local = stated
    .trim()
    .replace(/^[a-z][\w+.-]*:\S*[#/:]/i, '')
    .replace(/^[a-z][\w-]*:(?=\S+$)/i, '');
  const plain = local
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[\s_]+/g, '-')
    .replace(/isation\b/, 'ization')
    .replace(
      /^(?:data|monotonic|deterministic|full|file|personal-data)-(?=(?:anonym|pseudonym|redact|encrypt|aggregat))/,
      '',
    );
  return MEASURES.find((measure) => measure === plain);
}
