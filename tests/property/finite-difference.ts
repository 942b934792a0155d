/**
 * The slope of a function of one variable that is known to seven digits only and may have kinks: central differences over two
 * widths, extrapolated (Richardson 1911).
 *
 * A kink of height J at the distance d from the centre makes the difference over ±h wrong by J(1 − d/h)/2. For d < h/2 the
 * differences over ±h and ±h/2 then disagree by J·d/(2h), and the second differences by J·|1 − 3d/h|, of which one is at least
 * J/7; for d > h/2 their disagreement is the error itself. Where both agree to θ and 4θ, the error is therefore below 5θ.
 */
export interface Slope {
  readonly slope: number;
  /** Both widths agree: the function is smooth here, as far as float32 shows. */
  readonly isSmooth: boolean;
}

/**
 * @param at the function at a distance from the centre
 * @param scale what a slope of this function is compared with; agreement is relative to it
 */
export async function slopeOf(
  at: (distance: number) => Promise<number>,
  width: number,
  scale: number,
  agreement: number,
): Promise<Slope> {
  const centre = await at(0);
  const [ahead, behind] = [await at(width), await at(-width)];
  const [aheadHalf, behindHalf] = [await at(width / 2), await at(-width / 2)];
  const wide = (ahead - behind) / (2 * width);
  const narrow = (aheadHalf - behindHalf) / width;
  const wideBend = (ahead - 2 * centre + behind) / width;
  const narrowBend = (2 * (aheadHalf - 2 * centre + behindHalf)) / width;
  const least = agreement * Math.max(scale, Math.abs(narrow));
  return {
    slope: (4 * narrow - wide) / 3,
    isSmooth: Math.abs(wide - narrow) <= least && Math.abs(wideBend - 2 * narrowBend) <= 4 * least,
  };
}
