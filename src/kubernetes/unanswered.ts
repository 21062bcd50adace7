/** Why a question has no answer, in words that name nobody and repeat nothing of what was answered. */
export class Unanswered extends Error {
  readonly status: number | undefined;

  constructor(because: string, status?: number) {
    super(because);
    this.status = status;
  }
}
