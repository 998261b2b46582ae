import { z } from 'zod';

/** What a submitter wants those who decide to know: a few words, shown as theirs on the card. */
export const SubmitterNote = z
  .string()
  .min(1)
  .max(1000)
  .refine(
    (note) => note.trim() !== '' && note.isWellFormed() && !note.includes('\0'),
    'expected a few words',
  );
