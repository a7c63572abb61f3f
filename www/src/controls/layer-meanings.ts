// What each layer of a picture means, in a sentence. Comes once there is something to be asked about.
import { ERROR_OF_CODES } from "../experiment/codes";
import { methodOf } from "../experiment/methods";
import { msg } from "../language";
import { endsSaid } from "../stage/ends";
import type { LayerName } from "../stage/layers";
import { endsAt } from "../state/panel";
import type { State } from "../state/state";

type Switched = Exclude<LayerName, "inspection">;
/** Where it names the ends of time, of what is there at 0 and at 1. */
type Meaning = string | ((first: string, last: string) => string);

const MEANINGS: Readonly<Record<Switched, Meaning>> = {
  data: msg("Blue dots: points of the data P, at t = 0."),
  noise: msg("Hollow gray dots: points of the noise Q, at t = 1."),
  samples: msg(
    "Orange dots: in every panel the same points at t = 1, carried by each learned velocity field to t = 0. Where they end they should look like the data.",
  ),
  tails: msg("Orange strokes: the stretch that some of the particles have just come along."),
  trajectories: msg("Solution curves of dx/dt = f(x, t): the ways that single points take from t = 1 to t = 0."),
  paths: msg(
    "Dashed: what flow matching and diffusions learn from, curves between pairs of data (filled end) and noise (hollow end). Likelihood methods have none; their trajectories from data are shown.",
  ),
  density: msg(
    "Green bands: the model's log-density of the data, computed by the flow itself, down to 6 nats below the peak. Over the view it should integrate to 1.",
  ),
  velocity: (first, last) =>
    msg(
      `Arrows: f(x, t) at the present t, forward in time, towards ${last}. Samples travel to ${first}: against them.`,
    ),
  streamlines: msg(
    "Curves along the velocity field frozen at the present t: its shape at one instant, not anyone's way.",
  ),
  divergence: msg(
    "Two hues: where the flow spreads points out forward in time (source) and where it draws them together (sink). Added up along a way to t = 1 it is how much the log-density falls.",
  ),
  lattice: msg("A square grid at t = 1, carried by the flow to the present t: how space is bent on the way."),
  states: msg("Diamonds: where the solver stood after each of its steps. Four Euler steps are four straight pieces."),
  decoded: msg(
    `What an autoencoder's decoder draws at each place of the plane, whether a digit lies near or not. ${ERROR_OF_CODES}`,
  ),
  stamps: msg(
    "Some of the samples in orange frames, and the inspected point, as what the decoder draws where they are.",
  ),
  glyphs: msg(
    "Points whose coordinates are pixels, drawn as pictures on their way to t = 0; under where they arrive, some of the data's own.",
  ),
};

/** What looks otherwise where points have one coordinate. */
const ON_A_LINE: Partial<Record<Switched, string>> = {
  data: msg("Blue bars: how many points of the data P lie where, at t = 0."),
  noise: msg("Gray bars: how many points of Q lie where, at t = 1."),
  samples: msg(
    "Orange dots, and bars that count them: in every panel the same points at t = 1, carried by each learned velocity field to t = 0. There the bars should cover the data's.",
  ),
  density: msg(
    "Green bands: the model's log-density at every t, computed by the flow itself, down to 6 nats below the highest peak. At each t it should integrate to 1.",
  ),
  velocity: msg("Arrows: the slopes dx/dt = f(x, t) that trajectories have at every t, forward in time."),
};

/** What is another thing where all panels are of snapshots in time. */
const OF_SNAPSHOTS: Partial<Record<Switched, string>> = {
  data: msg("Outlined marks: what was seen at each time, in a shade and a shape of its own."),
  noise: msg("Hollow gray dots: points of the last snapshot Q, at t = 1, where samples start."),
  samples: msg(
    "Dark dots: points of the last snapshot, carried back by the learned velocity field. At each snapshot's time they should look like it.",
  ),
  paths: methodOf("snapshots").paths,
};

/** Of what cannot be switched. */
const OTHERS: Record<string, Meaning> = {
  axis: (first, last) =>
    msg(
      `The axis of time: ${first} at t = 0 on the left, ${last} at t = 1 on the right; the dot is the present t. Velocities point to the right, samples travel to the left.`,
    ),
  inspection: msg(
    "The inspector: dashed, conditional paths through this point; the thick arrow of their color is their mean, which the network's velocity (orange) should match.",
  ),
};

/** Undefined of what nobody has a word for. */
export function meaningOf(name: string, state: State): string | undefined {
  const ends = endsAt(state);
  const known: Readonly<Record<string, Meaning>> = {
    ...OTHERS,
    ...MEANINGS,
    ...(ends === "snapshots" && OF_SNAPSHOTS),
    ...(state.panels.every(({ dim }) => dim === 1) && ON_A_LINE),
  };
  const meaning = known[name];
  const { first, last } = endsSaid(ends);
  return typeof meaning === "function" ? meaning(first, last) : meaning;
}

/** Of everything else in the pictures. */
export function otherMeanings(state: State): string[] {
  return Object.keys(OTHERS).flatMap((name) => meaningOf(name, state) ?? []);
}
