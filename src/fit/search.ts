/** What a choice saves, and how much it hurts. */
export type Choice = { weight: number; savingUsd: number };
/** One choice of a lever. */
export type Pick<T extends Choice> = { lever: number; choice: T };

type State<T extends Choice> = { next: number; weight: number; savingUsd: number; picks: Pick<T>[]; bound: number };

const tolerance = 1e-6;

/**
 * Sets of choices, at most one of each lever, that together save what is needed: the lightest first. Best first, with
 * the weight that the rest would take at least if choices could be made in part. Savings of different levers are taken
 * as independent; whoever takes the sets prices each exactly, and says by `next(false)` that one was not enough.
 */
export function* lightest<T extends Choice>(
  levers: readonly (readonly T[])[],
  neededUsd: number,
  mostSteps = 4000,
): Generator<Pick<T>[], void, boolean | undefined> {
  const slopes = levers.map(slopesOf);
  const queue: State<T>[] = [];
  const least = (next: number, missingUsd: number): number => {
    if (missingUsd <= tolerance) return 0;
    let missing = missingUsd;
    let weight = 0;
    const rest = slopes
      .slice(next)
      .flat()
      .sort((a, b) => a.weight / a.savingUsd - b.weight / b.savingUsd);
    for (const slope of rest) {
      const part = Math.min(1, missing / slope.savingUsd);
      weight += part * slope.weight;
      missing -= part * slope.savingUsd;
      if (missing <= tolerance) return weight;
    }
    return Number.POSITIVE_INFINITY;
  };
  const push = (state: Omit<State<T>, 'bound'>): void => {
    const bound = state.weight + least(state.next, neededUsd - state.savingUsd);
    if (bound < Number.POSITIVE_INFINITY) insert(queue, { ...state, bound });
  };
  push({ next: 0, weight: 0, savingUsd: 0, picks: [] });
  for (let step = 0; step < mostSteps; step++) {
    const state = queue.pop();
    if (!state) return;
    // More would be more than is needed, unless this turns out to be too little.
    if (neededUsd - state.savingUsd <= tolerance && (yield state.picks) !== false) continue;
    for (let lever = state.next; lever < levers.length; lever++)
      for (const choice of levers[lever] ?? [])
        push({
          next: lever + 1,
          weight: state.weight + choice.weight,
          savingUsd: state.savingUsd + choice.savingUsd,
          picks: [...state.picks, { lever, choice }],
        });
  }
}

/** From one choice of a lever to its next on the convex hull: what the best use of a part of it costs. */
function slopesOf(choices: readonly Choice[]): Choice[] {
  const hull: Choice[] = [{ weight: 0, savingUsd: 0 }];
  for (const choice of [...choices].sort((a, b) => a.savingUsd - b.savingUsd)) {
    while (
      hull.length > 1 &&
      slope(hull.at(-2) as Choice, hull.at(-1) as Choice) >= slope(hull.at(-1) as Choice, choice)
    )
      hull.pop();
    hull.push(choice);
  }
  return hull.slice(1).map((choice, index) => {
    const before = hull[index] as Choice;
    return { weight: choice.weight - before.weight, savingUsd: choice.savingUsd - before.savingUsd };
  });
}

const slope = (a: Choice, b: Choice): number => (b.weight - a.weight) / (b.savingUsd - a.savingUsd);

/** The best at the end. Equal bounds: fewer choices, then more saved, then what was found first. */
function insert<T extends Choice>(queue: State<T>[], state: State<T>): void {
  let [low, high] = [0, queue.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBetter(state, queue[middle] as State<T>)) low = middle + 1;
    else high = middle;
  }
  queue.splice(low, 0, state);
}

function isBetter(a: State<Choice>, b: State<Choice>): boolean {
  if (Math.abs(a.bound - b.bound) > tolerance) return a.bound < b.bound;
  if (a.picks.length !== b.picks.length) return a.picks.length < b.picks.length;
  return a.savingUsd > b.savingUsd + tolerance;
}
