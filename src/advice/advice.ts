/** What an answer of Azure or Kubernetes means for the operator of a spec. */
export type Advice = {
  /** In the operator's words: what is the matter. */
  meaning: string;
  /** What to do. */
  advice: string;
  /** The input that decides, where one does; else the resource as a whole is meant. */
  input?: string;
  /** Will the same deployment succeed if it is simply run again, a little later? */
  again?: true;
};
