import { z } from 'zod';

/** What of the rules holds: all, or those without which nothing is documented. */
export const profileParameter = z
  .enum(['strict', 'lenient'])
  .default('strict')
  .describe(
    'strict: all that the format requires, version, SHA-256, collection and country must be there; lenient: they are warnings',
  );
