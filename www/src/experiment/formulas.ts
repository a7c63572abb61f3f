// What each method minimizes and how it samples, as TeX in the page's own time: x(0) ~ P is data, x(1) ~ Q is noise, and
// dx/dt = f(x, t). Each loss is the one that crate/src/method computes, with its usual options.
import { DECIMAL_SIGN, msg } from "../language";
import { DECK } from "./deck";
import type { MethodId } from "./methods";

export interface Explanation {
  /** for someone who met "velocity field" ten minutes ago: two or three sentences */
  paragraph: string;
  /** what training minimizes; a TeX formula a line */
  loss: readonly string[];
  /** how a sample comes about; a TeX formula a line */
  sampling: readonly string[];
  /** papers, with the equation or section */
  sources: readonly string[];
}

const THETA_FLOW = String.raw`\frac{\mathrm dx}{\mathrm dt} = f_\theta(x, t), \quad x(1) \sim Q, \quad t: 1 \to 0`;
const FROM_DATA = String.raw`x(0) \sim P, \quad \frac{\mathrm dx}{\mathrm dt} = f_\theta(x, t)`;
const NEGATIVE_LOG_NORMAL = String.raw`\tfrac12 |x(1)|^2 + \tfrac d2 \ln 2\pi`;
const LINE = String.raw`x(t) = (1 - t)\,x(0) + t\,x(1)`;
const INDEPENDENT = String.raw`x(0) \sim P, \quad x(1) \sim Q, \quad t \sim \mathcal U[0, 1]`;
const LINE_LOSS = String.raw`\mathbb E \left| f_\theta(x(t), t) - (x(1) - x(0)) \right|^2`;
const VP = String.raw`\alpha = e^{-B/2}, \quad \sigma = \sqrt{1 - e^{-B}}, \quad B = 0.1\,t + 9.95\,t^2`;
const NOISED = String.raw`x(t) = \alpha(t)\,x(0) + \sigma(t)\,z, \quad z \sim \mathcal N(0, I)`;
const BETA = String.raw`\beta = \frac{\mathrm dB}{\mathrm dt} = 0.1 + 19.9\,t`;
const INTERPOLANT_LOSS = [
  String.raw`\mathbb E \left[ \tfrac12 |b_\theta|^2 - (x(1) - x(0) + \gamma'(t)\,z) \cdot b_\theta \right]`,
  String.raw`{} + \mathbb E \left[ \tfrac12 |\eta_\theta|^2 - z \cdot \eta_\theta \right]`,
];
const INTERPOLANT_FLOW = [
  String.raw`\frac{\mathrm dx}{\mathrm dt} = b_\theta(x, t), \quad x(1) \sim Q, \quad t: 1 \to 0`,
  String.raw`\nabla \ln p_t(x) = -\eta_\theta(x, t) / \gamma(t)`,
];

const TABLE: Record<MethodId, Explanation> = {
  "normalizing-flow": {
    paragraph: msg(
      "The velocity field is judged by where it carries the data: each point flows from t = 0 to t = 1, and its likelihood is the noise's density where it lands, times how much the flow has stretched space on the way. Training makes that as large as it can, so every training step solves the ODE. A small penalty on the squared speed keeps the trajectories simple.",
    ),
    loss: [
      String.raw`\mathbb E \left[ ${NEGATIVE_LOG_NORMAL} - \int_0^1 \nabla \cdot f_\theta\,\mathrm dt \right]`,
      String.raw`{} + \lambda\,\mathbb E \int_0^1 |f_\theta(x, t)|^2\,\mathrm dt, \quad \lambda = 0.05`,
      FROM_DATA,
    ],
    sampling: [THETA_FLOW],
    sources: [
      msg("Chen 2018, equation (8): how the density changes along a trajectory"),
      msg(`The deck (${DECK}), equation (7), printed there without the ½`),
    ],
  },
  ffjord: {
    paragraph: msg(
      "The same likelihood as a normalizing flow's, but how much space is stretched is estimated instead of summed: one random direction per point tells it right on average (Hutchinson's estimate). That costs one more pass of the network where the sum needs one for each coordinate. The likelihood is noisier in training, and the number of passes no longer grows with the dimension.",
    ),
    loss: [
      String.raw`\mathbb E \left[ ${NEGATIVE_LOG_NORMAL} - \int_0^1 \varepsilon^\top \frac{\partial f_\theta}{\partial x}\,\varepsilon\,\mathrm dt \right]`,
      String.raw`{} + \lambda\,\mathbb E \int_0^1 |f_\theta(x, t)|^2\,\mathrm dt, \quad \lambda = 0.05`,
      String.raw`${FROM_DATA}, \quad \varepsilon_i = \pm 1`,
    ],
    sampling: [THETA_FLOW],
    sources: [
      msg("Grathwohl 2019, section 3.1: the estimated trace"),
      msg(`The deck (${DECK}), equation (7), printed there without the ½`),
    ],
  },
  "coupling-flow": {
    paragraph: msg(
      "What most people mean by a normalizing flow: a chain of maps, each of which keeps half of the coordinates and scales and shifts the other half, or bends it by splines, as a network says of the kept one. So each is undone by a formula, its likelihood is exact, and no ODE is solved in training or sampling, although each is also a stretch of time in a velocity field. It can stretch the noise but not tear it: between separate modes threads of density remain.",
    ),
    loss: [
      String.raw`\mathbb E \Big[ ${NEGATIVE_LOG_NORMAL} - \sum_k \sum_i s_{k,i} \Big], \quad x(0) \sim P`,
      String.raw`x_2 \mapsto e^{s_k(x_1)} \odot x_2 + b_k(x_1), \quad x_1 \mapsto x_1, \quad s = 2 \tanh(\tilde s / 2)`,
      String.raw`\text{${msg("NICE: ")}} s_k = 0,\ \text{${msg("one scaling at the end; Glow: ")}} x \mapsto e^{A_k} x \text{${msg(" before each")}}`,
      String.raw`\text{${msg("Neural spline: ")}} x_2 \mapsto S_1(x_2),\ \ln S_1'(x_2) \text{${msg(" for ")}} s; \text{${msg(" between knots ")}} S_1 = y + h \tfrac{\sigma \theta^2 + d \theta (1 - \theta)}{\sigma + (d + d' - 2 \sigma) \theta (1 - \theta)},\ \sigma = \tfrac hw`,
    ],
    sampling: [
      String.raw`x_2 \mapsto e^{-s_k(x_1)} \odot (x_2 - b_k(x_1)), \quad k = K, \dots, 1, \quad x(1) \sim Q`,
      String.raw`f = K \left( 0,\ s_k \odot x_2 + \tfrac{s_k}{e^{s_k} - 1} \odot b_k \right) \;\text{${msg(" for ")}}\; \tfrac{k-1}{K} \le t < \tfrac kK`,
      String.raw`\text{${msg("Neural spline: ")}} f = K \left( 0,\ \partial_\tau S_\tau \circ S_\tau^{-1}(x_2) \right),\ S_\tau \text{${msg(" of heights ")}} (1 - \tau) w + \tau h \text{${msg(" and derivatives ")}} 1 - \tau + \tau d`,
    ],
    sources: [
      msg("Dinh, Krueger and Bengio 2015: NICE"),
      msg("Dinh, Sohl-Dickstein and Bengio 2017: RealNVP"),
      msg("Kingma and Dhariwal 2018: Glow"),
      msg("Durkan, Bekasov, Murray and Papamakarios 2019: neural spline flows"),
    ],
  },
  "ot-flow": {
    paragraph: msg(
      "Here the velocity is the downhill slope of a learned landscape Φ, and the likelihood is joined by a price for the way that points travel. The cheapest way is straight, and its landscape obeys one more equation (HJB), which is asked for too. So trajectories come out nearly straight and few solver steps are enough.",
    ),
    loss: [
      String.raw`\mathbb E \int_0^1 \tfrac12 |f_\theta|^2\,\mathrm dt`,
      String.raw`{} + a_1\,\mathbb E \left[ ${NEGATIVE_LOG_NORMAL} - \int_0^1 \nabla \cdot f_\theta\,\mathrm dt \right]`,
      String.raw`{} + a_2\,\mathbb E \int_0^1 \left| \tfrac12 |f_\theta|^2 - \partial_t \Phi_\theta \right| \mathrm dt`,
      String.raw`f_\theta = -\nabla \Phi_\theta, \quad a_1 = 8, \quad a_2 = 1, \quad x(0) \sim P`,
    ],
    sampling: [
      String.raw`\frac{\mathrm dx}{\mathrm dt} = -\nabla \Phi_\theta(x, t), \quad x(1) \sim Q, \quad t: 1 \to 0`,
    ],
    sources: [
      msg(
        "Onken 2021, equation (8), made of (3), the likelihood C, (5), the transport cost L, and (7), the penalty R from the Hamilton–Jacobi–Bellman equation (HJB)",
      ),
    ],
  },
  "jko-iflow": {
    paragraph: msg(
      "The way from data to noise is cut into blocks that are trained one after the other. Each block brings the points nearer to the noise, as far as it can without moving them much, and is then frozen. What it lowers is the free energy: the Kullback–Leibler divergence (KL) of the points' distribution from the noise's, in nats.",
    ),
    loss: [
      String.raw`\mathbb E \left[ ${NEGATIVE_LOG_NORMAL} - \int_0^1 \nabla \cdot f_k\,\mathrm ds + \frac{|x(1) - x(0)|^2}{2 h_k} \right]`,
      String.raw`\frac{\mathrm dx}{\mathrm ds} = f_k(x), \quad x(0) \sim p_{k-1}, \quad p_0 = P`,
    ],
    sampling: [
      String.raw`\frac{\mathrm dx}{\mathrm dt} = K f_k(x) \;\text{${msg(" for ")}}\; \tfrac{k-1}{K} \le t < \tfrac kK`,
      String.raw`x(1) \sim Q, \quad t: 1 \to 0`,
    ],
    sources: [msg("Xu 2023, equation (9)")],
  },
  "flow-matching": {
    paragraph: msg(
      "Take a data point and a noise point at random, join them by a straight line, and ask the network for the line's velocity at some place on it. Many lines cross at every place, so what it learns is their mean velocity, and that mean carries noise to data. No ODE is solved in training, which makes a training step cheap.",
    ),
    loss: [LINE_LOSS, `${LINE}`, INDEPENDENT],
    sampling: [THETA_FLOW],
    sources: [
      msg("Lipman 2023, equation (9)"),
      msg("Liu 2023, equation (1)"),
      msg(`The deck (${DECK}), equation (5): the line`),
    ],
  },
  "ot-coupling": {
    paragraph: msg(
      "Flow matching on lines that hardly cross: within every batch, each data point is joined to its partner in the batch's optimal pairing, the one of least total squared length. Where lines do not cross there is nothing to average, so the learned trajectories are nearly the lines themselves. A few solver steps follow them well.",
    ),
    loss: [
      LINE_LOSS,
      LINE,
      String.raw`(x_i(0), x_{\pi(i)}(1)), \quad \pi = \arg\min_\pi \sum_i |x_i(0) - x_{\pi(i)}(1)|^2`,
    ],
    sampling: [THETA_FLOW],
    sources: [msg("Pooladian 2023: multisample flow matching"), msg("Tong 2023: OT-CFM")],
  },
  "sinkhorn-coupling": {
    paragraph: msg(
      "As with the OT coupling, near points are joined, but softly: a data point goes to a noise point drawn from a plan that favors short lines and keeps some chance for longer ones. The weight ε says how much chance. A small one comes near to the batch's optimal pairing, a large one to pairing at random.",
    ),
    loss: [
      LINE_LOSS,
      String.raw`${LINE}, \quad (x(0), x(1)) \sim \pi_\varepsilon`,
      String.raw`\pi_\varepsilon = \arg\min_\pi\, \mathbb E_\pi |x(0) - x(1)|^2 - \varepsilon H(\pi)`,
    ],
    sampling: [THETA_FLOW],
    sources: [msg("Cuturi 2013: the plan"), msg("Tong 2023: the plan within a batch")],
  },
  "cosine-path": {
    paragraph: msg(
      "Flow matching along quarter turns instead of lines: the shares of data and noise are a cosine and a sine, whose squares always add up to 1. So where data and noise both have variance 1 and are paired at random, all between have it too. Lines have half of it at t = ½, where data and noise partly cancel.",
    ),
    loss: [
      String.raw`\mathbb E \left| f_\theta(x(t), t) - \tfrac\pi2 \left( \cos\tfrac{\pi t}2\,x(1) - \sin\tfrac{\pi t}2\,x(0) \right) \right|^2`,
      String.raw`x(t) = \cos\tfrac{\pi t}2\,x(0) + \sin\tfrac{\pi t}2\,x(1)`,
      INDEPENDENT,
    ],
    sampling: [THETA_FLOW],
    sources: [msg("Lipman 2023, equation (9)"), msg("Albergo and Vanden-Eijnden 2023: the path")],
  },
  "diffusion-path": {
    paragraph: msg(
      "Flow matching along the way that a diffusion noises the data: at first fast, and nearly pure noise long before t = 1. The network predicts a velocity as in flow matching, so it differs from DDPM only in what is asked of the network and how the times are weighted. Most of the picture forms in the half near t = 0.",
    ),
    loss: [
      String.raw`\mathbb E \left| f_\theta(x(t), t) - (\alpha'(t)\,x(0) + \sigma'(t)\,x(1)) \right|^2`,
      String.raw`x(t) = \alpha(t)\,x(0) + \sigma(t)\,x(1)`,
      VP,
    ],
    sampling: [THETA_FLOW],
    sources: [msg("Lipman 2023, equation (9)"), msg("Song 2021, appendix C: the path")],
  },
  snapshots: {
    paragraph: msg(
      "The data are what is seen at several times, each time other points. Every piece between two neighbouring snapshots is a flow matching of its own, on straight lines between partners of an optimal pairing, and one network learns them all: the time says which piece. P is the first snapshot and Q the last, so generating runs back in time. One that is left out is predicted from the one before it, beside two predictions that need no training: that nothing moves, and that points go straight from the snapshot before it to the one after.",
    ),
    loss: [
      String.raw`\mathbb E \left| f_\theta(x(t), t) - \frac{x_{k+1} - x_k}{t_{k+1} - t_k} \right|^2, \quad t_k \le t \le t_{k+1}`,
      String.raw`x(t) = x_k + \frac{t - t_k}{t_{k+1} - t_k}\,(x_{k+1} - x_k)`,
      String.raw`(x_{k,i},\, x_{k+1,\pi(i)}), \quad \pi = \arg\min_\pi \sum_i |x_{k,i} - x_{k+1,\pi(i)}|^2`,
    ],
    sampling: [THETA_FLOW],
    sources: [msg("Tong 2023: OT-CFM from snapshot to snapshot of single cells")],
  },
  reflow: {
    paragraph: msg(
      "First flow matching on random pairs. Then the flow makes pairs of its own, noise and the sample it turns into, and a new flow is trained on the straight lines between those. Its pairs' lines hardly cross, so each round makes the trajectories straighter and fewer solver steps are needed.",
    ),
    loss: [
      LINE_LOSS,
      String.raw`${LINE}, \quad x(1) \sim Q`,
      String.raw`\text{${msg("first: ")}} x(0) \sim P; \quad \text{${msg("then: ")}} x(0) = x(1) - \int_0^1 f_{\text{${msg("before")}}}\,\mathrm dt`,
    ],
    sampling: [THETA_FLOW],
    sources: [msg("Liu 2023, equation (1)")],
  },
  distilled: {
    paragraph: msg(
      "A flow is straightened by one reflow, and a student then learns to take its whole way in one step. The student sees noise alone, at t = 1, and is asked where the flow would end. It jumps instead of flowing: samples cost one evaluation, and it has no density that the formula of a flow can give.",
    ),
    loss: [
      String.raw`\mathbb E \left| f_\theta(x(1), 1) - (x(1) - x(0)) \right|^2`,
      String.raw`x(1) \sim Q, \quad x(0) = x(1) - \int_0^1 f_{\text{${msg("reflow")}}}\,\mathrm dt`,
    ],
    sampling: [String.raw`x(0) = x(1) - f_\theta(x(1), 1), \quad x(1) \sim Q`],
    sources: [msg("Liu 2023: reflow and distillation"), msg("Liu 2024: InstaFlow")],
  },
  "mean-flow": {
    paragraph: msg(
      "The network is told a time and how far back to jump from it, and learns the mean velocity on the way. Its target needs no ODE: the mean velocity is the velocity less the jump's length times its own change along the path, which one pass with tangents gives. At a jump of 0 it is the velocity, so there is a flow with a density; one jump of 1 makes noise a sample. That sample is another than the flow's as far as both are learned badly.",
    ),
    loss: [
      String.raw`\mathbb E\, w \left| u_\theta(x(t), t, d) - \operatorname{sg}\!\left( v - d\,\frac{\mathrm d u_\theta}{\mathrm dt} \right) \right|^2, \quad v = x(1) - x(0)`,
      String.raw`\frac{\mathrm d u_\theta}{\mathrm dt} = \partial_x u_\theta\,v + \partial_t u_\theta + \partial_d u_\theta \quad \text{${msg("(the end ")}} t - d \text{${msg(" is held)")}}`,
      String.raw`w = \operatorname{sg}\!\left( |u_\theta - \text{${msg("target")}}|^2 + 10^{-3} \right)^{-p}`,
      LINE,
    ],
    sampling: [
      String.raw`x(t - d) = x(t) - d\,u_\theta(x(t), t, d), \quad x(1) \sim Q`,
      String.raw`f(x, t) = u_\theta(x, t, 0)`,
    ],
    sources: [
      msg("Geng 2025: MeanFlow, the identity, its regression and its adaptive weights, which p = 0 leaves out"),
    ],
  },
  shortcut: {
    paragraph: msg(
      "The network is told a time and how far back to jump from it. Most of a batch learns the velocity, at a jump of 0; the rest learns that a jump is the mean of two jumps of half its length, one after the other, as the network itself makes them. Lengths are 1, ½, ¼ and so on; the shortest is made of two Euler steps of the velocity. One jump of 1 makes noise a sample; the velocity keeps its flow and its density.",
    ),
    loss: [
      String.raw`\mathbb E \left| s_\theta(x(t), t, 0) - (x(1) - x(0)) \right|^2 + \mathbb E \left| s_\theta(x(t), t, 2d) - \operatorname{sg}\!\left( \tfrac12 s_1 + \tfrac12 s_2 \right) \right|^2`,
      String.raw`s_1 = s_\theta(x(t), t, d), \quad s_2 = s_\theta(x(t) - d\,s_1,\, t - d,\, d)`,
      LINE,
    ],
    sampling: [
      String.raw`x(t - d) = x(t) - d\,s_\theta(x(t), t, d), \quad x(1) \sim Q`,
      String.raw`f(x, t) = s_\theta(x, t, 0)`,
    ],
    sources: [msg("Frans 2024: shortcut models, section 3; targets by the trained weights, not the averaged ones")],
  },
  interpolant: {
    paragraph: msg(
      "Each line from data to noise gets random noise of its own, most in the middle and none at both ends. One network learns the mean velocity of these noisy paths, another the mean of the noise that was added. The first carries noise to data; the second gives the score, the gradient of the log-density, with which one can also sample at random.",
    ),
    loss: [
      ...INTERPOLANT_LOSS,
      String.raw`${LINE} + \gamma(t)\,z, \quad z \sim \mathcal N(0, I)`,
      String.raw`\gamma(t) = \sqrt{2\,t\,(1 - t)}`,
    ],
    sampling: INTERPOLANT_FLOW,
    sources: [msg("Albergo, Boffi and Vanden-Eijnden 2023, equations (2.13), (2.15) and (2.16)")],
  },
  "schroedinger-bridge": {
    paragraph: msg(
      "Among all random ways from data to noise, the Schrödinger bridge is the one nearest to a plain Brownian motion. Its ends are paired by entropic optimal transport, and between a pair it runs as a Brownian bridge. The networks learn the mean velocity and the noise of those bridges.",
    ),
    loss: [
      ...INTERPOLANT_LOSS,
      String.raw`${LINE} + \gamma(t)\,z, \quad \gamma(t) = \varsigma \sqrt{t\,(1 - t)}, \quad \varsigma = \tfrac12`,
      String.raw`(x(0), x(1)) \sim \arg\min_\pi\, \mathbb E_\pi |x(0) - x(1)|^2 - 2\varsigma^2 H(\pi)`,
    ],
    sampling: INTERPOLANT_FLOW,
    sources: [
      msg("Tong 2023: SB-CFM, paths and pairs"),
      msg("Albergo, Boffi and Vanden-Eijnden 2023, equations (2.13), (2.15) and (2.16)"),
    ],
  },
  ddpm: {
    paragraph: msg(
      "Data are mixed with more and more noise, and the network is asked which noise was added. Knowing the noise at every place and time is knowing a velocity field: take out a little of it, move a little, and repeat. So its samples can come from the same ODE solver as everyone else's, and do here until another sampler is chosen.",
    ),
    loss: [String.raw`\mathbb E \left| \epsilon_\theta(x(t), t) - z \right|^2`, NOISED, VP],
    sampling: [
      String.raw`\frac{\mathrm dx}{\mathrm dt} = -\frac{\beta(t)}2 \left( x - \frac{\epsilon_\theta(x, t)}{\sigma(t)} \right)`,
      String.raw`${BETA}, \quad x(1) \sim Q, \quad t: 1 \to 0`,
    ],
    sources: [msg("Ho 2020, equation (14)"), msg("Song 2021, equation (13): the ODE")],
  },
  "score-sde": {
    paragraph: msg(
      "The score, the gradient of the log-density, points to where the noised data are denser. The network learns it by pointing from a noised point back to where it came from, which on average is that direction. Following it while the noise is taken away leads from noise to data.",
    ),
    loss: [String.raw`\mathbb E\, \sigma(t)^2 \left| s_\theta(x(t), t) + \frac z{\sigma(t)} \right|^2`, NOISED, VP],
    sampling: [
      String.raw`\frac{\mathrm dx}{\mathrm dt} = -\frac{\beta(t)}2 \left( x + s_\theta(x, t) \right)`,
      String.raw`${BETA}, \quad x(1) \sim Q, \quad t: 1 \to 0`,
    ],
    sources: [msg("Song 2021, equation (7): the loss; equation (13): the ODE")],
  },
  scoreflow: {
    paragraph: msg(
      "The same score as Score-SDE's, but times count by how fast the noise grows there relative to what there is. With these weights half the loss is, but for a constant, an upper bound of the negative log-likelihood of the reverse SDE, which samples with noise; it is no bound for the ODE, whose NLL the page shows. Early times, where the data are hardly noised, then matter most.",
    ),
    loss: [
      String.raw`\mathbb E \int_0^1 \beta(t) \left| s_\theta(x(t), t) + \frac z{\sigma(t)} \right|^2 \mathrm dt`,
      NOISED,
      VP,
    ],
    sampling: [
      String.raw`\frac{\mathrm dx}{\mathrm dt} = -\frac{\beta(t)}2 \left( x + s_\theta(x, t) \right)`,
      String.raw`${BETA}, \quad x(1) \sim Q, \quad t: 1 \to 0`,
    ],
    sources: [
      msg("Song 2021b (maximum likelihood training of score-based models), theorem 1"),
      msg("Song 2021, equation (13): the ODE"),
    ],
  },
  "exact-field": {
    paragraph: msg(
      "What a perfect network would learn by flow matching: at each place, the mean velocity of all lines through it. For a few data sets it can be written down; for the others it is that of 500 data points, each counting by how likely a line from it passes here. Such a field leads back to those 500 points exactly, which is memorizing.",
    ),
    loss: [
      String.raw`\text{${msg("nothing to train")}}`,
      String.raw`f(x, t) = \mathbb E \left[ x(1) - x(0) \mid x(t) = x \right]`,
      LINE,
    ],
    sampling: [
      String.raw`\frac{\mathrm dx}{\mathrm dt} = f(x, t), \quad x(1) \sim Q, \quad t: 1 \to 0`,
      String.raw`\text{${msg("500 points: ")}} f(x, t) = \sum_i w_i\,\frac{x - x_i}t, \quad w_i \propto e^{-|x - (1 - t)\,x_i|^2 / 2t^2}`,
    ],
    sources: [msg("Lipman 2023, equation (8)")],
  },
};

export function explanationOf(method: MethodId): Explanation {
  const { paragraph, loss, sampling, sources } = TABLE[method];
  return { paragraph, loss: loss.map(withSigns), sampling: sampling.map(withSigns), sources };
}

/** A decimal comma in TeX: without the braces it is one of a list. */
function withSigns(formula: string): string {
  return DECIMAL_SIGN === "." ? formula : formula.replace(/(?<=\d)\.(?=\d)/g, `{${DECIMAL_SIGN}}`);
}

/** What is added where the network is told a condition: in words, what it minimizes, and how it is sampled. */
export const WITH_A_CLASS: Explanation = {
  paragraph: msg(
    "The network can be told the class of each data point, or numbers that were observed of it, beside the time; training hides them with probability p, so that one network learns the field given each and that of all. Sampling asks for a class, or for the posterior given an observation, and guidance draws the two fields apart by a weight w, with two passes of the network in each evaluation. Guided samples do not end at the tilted law that the weight suggests, nor at that of the condition.",
  ),
  loss: [
    String.raw`f_\theta(x, t) \to f_\theta(x, t, c), \quad c = \begin{cases} \text{${msg("the class of ")}} x(0)\text{${msg(", or what was observed")}} & \text{${msg("with probability ")}} 1 - p \\ \text{${msg("none")}} & \text{${msg("with probability ")}} p \end{cases}`,
  ],
  sampling: [
    String.raw`f_w(x, t) = w\,f_\theta(x, t, c) + (1 - w)\,f_\theta(x, t, \text{${msg("none")}})`,
    String.raw`x(0) \not\sim p(x \mid c)^w\,p(x)^{1 - w} \quad \text{${msg("unless ")}} w = 0 \text{${msg(" or ")}} 1`,
  ],
  sources: [
    msg("Ho and Salimans 2022, equation (6): guidance without a classifier"),
    msg("Bradley and Nakkiran 2024: where guided samples end"),
    msg("Cheng and Schwing 2025: why pairs that ignore the class skew it"),
  ],
};
