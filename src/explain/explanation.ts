/** What there is to say about a code that is not a policy's: those say it themselves. */
export type Explanation = {
  /** What makes it appear. */
  cause: string;
  /** What would become of it otherwise. */
  consequence: string;
  fix: string;
  /** A line that is wrong and the one that is right. */
  example?: { wrong: string; right: string };
  source?: string;
};
