// What each sampler does, for who asks: it comes with what explains it.
import { msg } from "../language";
import type { SamplerKind } from "./experiment";

interface SamplerTexts {
  /** what it does, in a sentence or two */
  idea: string;
  /** a step of it from t to s < t, as TeX; D is the data prediction */
  formula: string;
  source: string;
}

export const SAMPLER_TEXTS: Readonly<Record<SamplerKind, SamplerTexts>> = {
  "euler-maruyama": {
    idea: msg(
      "It solves an SDE that has the flow's marginals: noise is added in every step, and the score takes as much of it out again. Any amount of noise will do; without any it is Euler's method for the ODE.",
    ),
    formula: String.raw`\mathrm dx = \left[ f - \tfrac12 g^2\,\nabla \ln p_t \right] \mathrm dt + g\,\mathrm d\bar w, \quad g^2 = 2 \varepsilon`,
    source: msg("Song 2021, equation (6); any ε: Albergo, Boffi and Vanden-Eijnden 2023"),
  },
  ancestral: {
    idea: msg(
      "DDPM's own: each step draws from a Gaussian about where the point must have been a step earlier, if the predicted data were right.",
    ),
    formula: String.raw`x(s) = \mathbb E\left[ x(s) \mid x(t),\, x(0) = D \right] + \sqrt b\,z, \quad b = \sigma(t)^2 - \tfrac{\alpha(t)^2}{\alpha(s)^2}\,\sigma(s)^2`,
    source: msg("Ho 2020, algorithm 2, with the larger variance of section 3.2"),
  },
  ddim: {
    idea: msg(
      "It goes along the path as if the predicted data and noise were right, and adds no noise: a solver of the ODE that is exact where the data is one point.",
    ),
    formula: String.raw`x(s) = \alpha(s)\,D + \sigma(s)\,\frac{x(t) - \alpha(t)\,D}{\sigma(t)}`,
    source: msg("Song, Meng and Ermon 2021, equation (12) without its noise"),
  },
  "dpm-solver": {
    idea: msg(
      "DDIM's step with the data prediction drawn on from the step before: of second order, for one evaluation a step.",
    ),
    formula: String.raw`D \to \left( 1 + \tfrac1{2r} \right) D - \tfrac1{2r} D_{\text{${msg("before")}}}, \quad r = \text{${msg("the step before")}} / \text{${msg("this one, in ")}} \ln \tfrac\alpha\sigma`,
    source: msg("Lu 2022 (DPM-Solver++), algorithm 2"),
  },
  "karras-heun": {
    idea: msg(
      "Heun's method on the noise level, in steps that get short where little noise is left. Churn adds some noise before each step, for the step to take out again.",
    ),
    formula: String.raw`\frac{\mathrm d y}{\mathrm d s} = \frac{y - D}s, \quad y = \frac x\alpha, \quad s = \frac\sigma\alpha`,
    source: msg("Karras 2022, algorithm 2; the steps: equation (5)"),
  },
  "few-steps": {
    idea: msg(
      "The network is told how far to jump, and says the mean velocity on the way there: no ODE is solved, and one step may do.",
    ),
    formula: String.raw`x(s) = x(t) - (t - s)\,u_\theta(x(t),\, t,\, t - s)`,
    source: msg("Geng 2025 (MeanFlow); Frans 2024 (shortcut models)"),
  },
};
