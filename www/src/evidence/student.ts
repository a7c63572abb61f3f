// Student's t: how far apart two means of few seeds must be before chance alone hardly makes it.

/** 97.5 % quantiles for 1 to 10 degrees of freedom. */
const FEW = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228] as const;
const NORMAL = 1.96;

/** So many standard errors away or more is one in twenty, both sides together. Fewer degrees are known as whole numbers. */
export function quantile(degrees: number): number {
  if (!Number.isFinite(degrees)) return NORMAL;
  const whole = Math.max(1, Math.floor(degrees));
  // The first terms of the expansion in 1/degrees: right to three digits where the table ends.
  return FEW[whole - 1] ?? NORMAL + 2.372 / whole + 2.823 / whole ** 2 + 2.556 / whole ** 3;
}

/** One of two numbers that are compared. */
export interface Uncertain {
  standardError: number | null;
  /** that the standard error was estimated with; left out where it was from many points */
  degrees?: number | undefined;
}

/** Of the difference, as Welch and Satterthwaite have it. */
export function degreesOf(a: Uncertain, b: Uncertain): number {
  const parts = [a, b].map(({ standardError, degrees }) => ({
    variance: (standardError ?? 0) ** 2,
    degrees: degrees ?? Number.POSITIVE_INFINITY,
  }));
  const total = parts.reduce((sum, { variance }) => sum + variance, 0);
  const inverse = parts.reduce((sum, { variance, degrees }) => sum + variance ** 2 / degrees, 0);
  return inverse === 0 ? Number.POSITIVE_INFINITY : total ** 2 / inverse;
}
