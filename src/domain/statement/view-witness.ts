import { z } from 'zod';
import { Digest } from '../digest.ts';
import { Instant } from '../instant.ts';
import { StatementId } from './statement-id.ts';

/** `view-witness/v1`. */
export const ViewWitness = z
  .strictObject({
    artifact: Digest.describe('The artifact whose statements the view lists.'),
    view: StatementId.describe('Id of the ledger view, and so of every word of it.'),
    witnessedAt: Instant.describe('When the ledger was found to be as the view says.'),
  })
  .describe(
    "The monitor's word that a ledger view leaves nothing out, by its own copy of the ledger: with it, nobody who has stolen the ledger's key alone can make up a view.",
  );
export type ViewWitness = z.infer<typeof ViewWitness>;
