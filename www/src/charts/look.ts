// How a reader looks at a chart: nearer, or along axes of another kind.
import { type Axis, type Domain, logDomain } from "./axes";

/** Of one axis: what is not as the chart has it by itself. */
export interface AxisLook {
  type?: Axis["type"];
  domain?: Domain;
}

export interface ChartLook {
  x?: AxisLook;
  y?: AxisLook;
}

/** A logarithmic axis begins at its values' smallest: 0 is nowhere on it. */
export function lookedAt({ type, domain }: Axis, look: AxisLook | undefined, values: readonly number[]): Axis {
  const kind = look?.type ?? type;
  if (look?.domain !== undefined && (kind === "linear" || look.domain[0] > 0))
    return { type: kind, domain: look.domain };
  if (kind === "linear" || domain[0] > 0) return { type: kind, domain };
  const [low, high] = logDomain(values);
  return { type: kind, domain: [low, Math.max(high, domain[1])] };
}

/** `factor` below 1 comes nearer to the value, which stays where it is. */
export function zoomed({ type, domain }: Axis, at: number, factor: number): Domain {
  const [to, from] = type === "log" ? [Math.log, Math.exp] : [Number, Number];
  const [low, high] = [to(domain[0]), to(domain[1])];
  const middle = Math.min(high, Math.max(low, to(at)));
  return [from(middle + (low - middle) * factor), from(middle + (high - middle) * factor)];
}
