import { z } from 'zod';
import { thinReason, unfilledReason, withText } from '../placeholder.ts';
import { PERSONAL_DATA, PURPOSE_KINDS } from './record.ts';

const text = (minimum: number, what: string) =>
  z
    .string()
    .max(2000)
    .superRefine((value, context) => {
      const reason = thinReason(value, minimum);
      if (reason !== undefined) context.addIssue({ code: 'custom', message: reason });
    })
    .describe(what);
/** Words that may be nothing but digits, such as `2026-10` or `3`. */
const mark = (what: string) =>
  z
    .string()
    .max(300)
    .superRefine((value, context) => {
      const reason = unfilledReason(value);
      if (reason !== undefined) context.addIssue({ code: 'custom', message: withText(reason, value) });
    })
    .describe(what);
const day = (what: string) => z.iso.date({ error: 'expected a day such as "2026-11-02"' }).describe(what);
const country = z.string().regex(/^[A-Z]{2}$/, 'expected an ISO 3166-1 code of two capitals, such as DE');

const Source = z.strictObject({
  id: text(2, 'the id of another entry, or an IRI of the source').optional(),
  name: text(2, 'who or what the data come from'),
  country: country.optional(),
});

const Basis = z.strictObject({
  term: z.string().max(100).describe('DPV term of the lawful basis, such as A6-1-f'),
  consent: z
    .strictObject({
      reference: text(2, 'where the consent records are'),
      version: mark('version of the text that was consented to').optional(),
      date: day('since when consent has been asked with it').optional(),
      withdrawal: text(5, 'how it is taken back').optional(),
    })
    .optional(),
  balancing_test: z
    .strictObject({ reference: text(2, 'the document'), date: day('of the balancing test').optional() })
    .optional(),
  law: text(5, 'the law that obliges or empowers').optional(),
});

const Purpose = z.strictObject({
  name: text(3, 'why the data are processed'),
  kind: z.enum(PURPOSE_KINDS),
  legal_bases: z.array(Basis).max(20).default([]),
  article_4a: z
    .strictObject({
      reference: text(2, 'record of the conditions of Art. 4a AI Act'),
      date: day('of the record'),
      bias_corrected: day('the bias was corrected').optional(),
    })
    .optional(),
});

const Retention = z.strictObject({
  duration: z.string().max(50).describe('ISO 8601, such as P18M').optional(),
  start_event: text(3, 'what starts the period').optional(),
  start_date: day('the period started; else the day of the snapshot').optional(),
  end_event: text(5, 'what ends the period').optional(),
  end_date: day('the end event happened or will').optional(),
  deletion: text(5, 'how the data are deleted').optional(),
  owner: text(2, 'who answers for the deletion').optional(),
  deleted: day('the data were deleted').optional(),
  holds: z
    .array(
      z.strictObject({
        reason: text(5, 'why these are kept longer'),
        documents: z.array(mark('a document that is kept')).max(100).default([]),
      }),
    )
    .max(50)
    .default([]),
});

const Entry = z.strictObject({
  title: mark('what the dataset is called').optional(),
  names: z.array(mark('another name of the dataset')).max(20).default([]),
  version: mark('version of the snapshot').optional(),
  created: day('the snapshot was made').optional(),
  files: z
    .array(
      z.strictObject({
        name: mark('the file name'),
        sha256: z
          .string()
          .regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hex digits')
          .optional(),
      }),
    )
    .max(1000)
    .default([]),
  licence: text(2, 'SPDX id or URL').optional(),
  origins: z.array(Source).max(100).default([]),
  derived_from: z.array(Source).max(100).default([]),
  collection: z
    .strictObject({
      method: text(10, 'how the data were collected').optional(),
      timeframe: mark('when, such as 2026-04-01/2026-06-30').optional(),
    })
    .default({}),
  contains_personal_data: z.enum(PERSONAL_DATA).optional(),
  personal_data_categories: z.array(text(2, 'a category')).max(100).default([]),
  measures: z.array(mark('a measure that protects the data')).max(50).default([]),
  purposes: z.array(Purpose).max(50).default([]),
  retention: Retention.optional(),
});
export type GovernanceEntry = z.infer<typeof Entry>;

/** The `data_governance` evidence document: one entry per dataset id. */
export const GovernanceDocument = z.strictObject({
  format: z.literal('countersign-data-governance/v1'),
  datasets: z.record(
    z.string().regex(/^[a-z0-9_]{1,64}$/, 'expected an id of a-z, 0-9 and _, as in evidence names'),
    Entry,
  ),
});
