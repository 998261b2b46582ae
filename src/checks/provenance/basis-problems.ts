import type { CheckProblem } from '../../domain/index.ts';
import { placeholderReason, unfilledReason, withText } from '../placeholder.ts';
import { problem, quoted } from '../report.ts';
import { isDay } from './day.ts';
import { ARTICLE_6, ARTICLE_9, letterOf } from './legal-basis.ts';
import type { DatedDocument, LegalBasis, PersonalData, Purpose } from './record.ts';

/** Conditions of Art. 9(2) that hold only on the basis of Union or Member State law. */
const ON_LAW = new Set(['A9-2-b', 'A9-2-g', 'A9-2-i', 'A9-2-j']);

/** What a purpose lacks for its data to be processed lawfully under Art. 6 and 9 GDPR. */
export function purposeProblems(purpose: Purpose, level: PersonalData, today: string): CheckProblem[] {
  const { where, name, bases } = purpose;
  const of = `the purpose ${quoted(name)}`;
  const bare = placeholderReason(name);
  const lawful = bases.some(({ term }) => ARTICLE_6.has(term));
  return [
    ...(bare === undefined
      ? []
      : [problem(where, withText(`a purpose ${bare}`, name), 'say in words why the data are processed')]),
    ...(lawful
      ? []
      : [
          problem(
            where,
            `${of} has no lawful basis of Art. 6(1) GDPR`,
            'state one in dpv:hasLegalBasis (legal_bases in data_governance), such as eu-gdpr:A6-1-f',
          ),
        ]),
    ...(level === 'special' ? specialProblems(purpose, today) : []),
    ...bases.flatMap((basis) => basisProblems(basis, of, today)),
  ];
}

function specialProblems(purpose: Purpose, today: string): CheckProblem[] {
  const { where, name, bases, kind, article4a } = purpose;
  if (bases.some(({ term }) => ARTICLE_9.has(term))) return [];
  if (article4a === undefined) {
    const message = `the purpose ${quoted(name)} has no condition of Art. 9(2) GDPR for special categories`;
    return [problem(where, message, 'state one of A9-2-a to A9-2-j, or the Art. 4a record of work on bias')];
  }
  if (kind !== 'bias_detection')
    return [
      problem(
        where,
        'an Art. 4a record covers work on bias alone',
        'state a condition of Art. 9(2), or the purpose as work on bias',
      ),
    ];
  return datedProblems(where, 'the Art. 4a record', article4a, today);
}

function basisProblems(basis: LegalBasis, of: string, today: string): CheckProblem[] {
  const { term, where } = basis;
  if (!ARTICLE_6.has(term) && !ARTICLE_9.has(term)) {
    const remedy = 'use a term of DPV 2.1, such as A6-1-a, A6-1-f-controller or A9-2-j';
    return [problem(where, `${quoted(term)} of ${of} is no lawful basis that DPV has a term for`, remedy)];
  }
  const letter = letterOf(term);
  if (letter === 'a' || term === 'A9-2-a') return consentProblems(basis, of, today);
  if (letter === 'f') return balancingProblems(basis, of, today);
  const onLaw = letter === 'c' || letter === 'e' || ON_LAW.has(term);
  if (!onLaw || (basis.law !== undefined && placeholderReason(basis.law) === undefined)) return [];
  return [problem(where, `${term} of ${of} names no law`, 'name the provision that obliges or empowers')];
}

function consentProblems({ term, where, consent }: LegalBasis, of: string, today: string): CheckProblem[] {
  const what = `consent (${term}) of ${of}`;
  if (consent === undefined) return [problem(where, `${what} has no consent record`, 'refer to the record')];
  const lacks = (field: string | undefined, name: string, remedy: string) => {
    const reason = field === undefined ? undefined : unfilledReason(field);
    if (field !== undefined && reason === undefined) return [];
    const said = reason === undefined ? '' : ` (it ${withText(reason, field ?? '')})`;
    return [problem(where, `${what} states no ${name}${said}`, remedy)];
  };
  return [
    ...datedProblems(where, what, consent, today),
    ...lacks(
      consent.version,
      'version of its text',
      'state the version of the text that people consented to',
    ),
    ...lacks(consent.withdrawal, 'way to withdraw it', 'say how a person takes the consent back'),
  ];
}

function balancingProblems(
  { term, where, balancingTest }: LegalBasis,
  of: string,
  today: string,
): CheckProblem[] {
  const what = `the balancing test of ${term} for ${of}`;
  if (balancingTest === undefined)
    return [problem(where, `${what} is missing`, 'name the document and its date')];
  return datedProblems(where, what, balancingTest, today);
}

function datedProblems(
  where: string,
  what: string,
  { reference, date }: DatedDocument,
  today: string,
): CheckProblem[] {
  const bare = placeholderReason(reference);
  return [
    ...(bare === undefined
      ? []
      : [
          problem(
            where,
            withText(`${what}: the reference ${bare}`, reference),
            'name the document, such as its number or address',
          ),
        ]),
    ...(date === undefined || !isDay(date)
      ? [
          problem(
            where,
            `${what}: ${date === undefined ? 'no date' : `${quoted(date)} is no date`}`,
            'state the day of the document, such as 2026-05-18',
          ),
        ]
      : []),
    ...(date !== undefined && isDay(date) && date.slice(0, 10) > today
      ? [
          problem(
            where,
            `${what} is dated ${date.slice(0, 10)}, after ${today}`,
            'correct the date: the document must be there before this run',
          ),
        ]
      : []),
  ];
}
