/** Days for which the number of distinct visitors is kept: as long as the hours of the history. */
export const UNIQUES_KEPT_DAYS = 400;
