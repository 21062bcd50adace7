/** A resource's name in the plan -> what it was called in releases before. */
export type FormerNames = Readonly<Record<string, readonly string[]>>;

/**
 * A resource that gets another name in the plan is entered here in the same commit: the engine then knows it for the one
 * that a stack has already, and does not replace it. None has been renamed yet.
 */
export const formerNames: FormerNames = {};
