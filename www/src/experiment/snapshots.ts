// Snapshots in time: data of which each class is what was seen at one time, called by it.
import { type MethodId, methodOf } from "./methods";

/** Whether a method takes the data for snapshots, all of which its flow goes through. */
export function isOfSnapshots(id: MethodId): boolean {
  return methodOf(id).experiment.snapshots !== undefined;
}

/** Of a method's data, where it takes them for snapshots, when each was taken; null of all others. */
export function timesFor(method: MethodId, classes: readonly string[]): readonly number[] | null {
  return isOfSnapshots(method) ? timesOfSnapshots(classes) : null;
}

/** When each snapshot was taken, on the flow's own clock from 0 to 1: the engine has found that the classes are ascending times. */
export function timesOfSnapshots(classes: readonly string[]): readonly number[] {
  const times = classes.map(Number);
  const [first = 0] = times;
  return times.map((time) => (time - first) / ((times.at(-1) ?? 1) - first));
}
