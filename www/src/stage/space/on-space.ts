// What stands in the place of the plane's layers where points are on a torus or a sphere.
import { axis, now, nowDirected, squareOfNow } from "../layers/axis";
import { data } from "../layers/data";
import { density } from "../layers/density";
import { divergence } from "../layers/divergence";
import type { Frame, Layer } from "../layers/layer";
import { noise } from "../layers/noise";
import { paths } from "../layers/paths";
import { samples } from "../layers/samples";
import { states } from "../layers/states";
import { streamlines } from "../layers/streamlines";
import { tails } from "../layers/tails";
import { trajectories } from "../layers/trajectories";
import { velocity } from "../layers/velocity";
import type { Mark } from "../marks";
import type { SpaceChart } from "./chart";
import { globeOfNow, globes, SPHERE } from "./globe";
import * as painted from "./painted";
import {
  dataOnSpace,
  noiseOnSpace,
  pathsOnSpace,
  samplesOnSpace,
  statesOnSpace,
  tailsOnSpace,
  trajectoriesOnSpace,
} from "./points";
import * as torus from "./torus";

export * as said from "./said";

function on(chart: SpaceChart): [Layer, Layer][] {
  return [
    [data, dataOnSpace(chart)],
    [noise, noiseOnSpace(chart)],
    [paths, pathsOnSpace(chart)],
    [samples, samplesOnSpace(chart)],
    [states, statesOnSpace(chart)],
    [tails, tailsOnSpace(chart)],
    [trajectories, trajectoriesOnSpace(chart)],
  ];
}

const ON = {
  torus: new Map<Layer, Layer>([
    ...on(torus.TORUS),
    [axis, torus.squares],
    [squareOfNow, torus.squareOfInstant],
    [now, now],
    [nowDirected, nowDirected],
    [density, torus.densityOnTorus],
    // What is known of every place of the square is drawn as in a plane.
    [velocity, velocity],
    [streamlines, streamlines],
    [divergence, divergence],
  ]),
  sphere: new Map<Layer, Layer>([
    ...on(SPHERE),
    [axis, globes],
    [now, globeOfNow],
    [nowDirected, globeOfNow],
    [density, painted.densityOnGlobe],
    [velocity, painted.velocityOnGlobe],
  ]),
};

/** Nothing of a layer that a space has not. */
export function onSpace(layer: Layer, frame: Frame): Mark[] {
  const { space } = frame.picture;
  return (space && ON[space].get(layer)?.(frame)) || [];
}
