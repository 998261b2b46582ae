import { CountersignError } from '../domain/index.ts';

/** Adds to the server's "there is none" where to look for what there is, unless the server said so itself. */
export async function withRemedy<T>(
  answer: Promise<T>,
  where: string,
  message: string,
  fix: string,
): Promise<T> {
  return answer.catch((error: unknown) => {
    const bare =
      error instanceof CountersignError && error.code === 'not_found' && error.problems.length === 0;
    if (!bare) throw error;
    const problems = [{ where, message, fix }];
    throw new CountersignError(error.code, error.message, { problems, cause: error });
  });
}
