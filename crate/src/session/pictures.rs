//! What is measured of pictures alone: in the features of a classifier of digits, and in bits.

use super::Session;
use super::measure::Measurement;
use super::truth::FloorOf;
use crate::distribution::Given;
use crate::error::FlowError;
use crate::export::weights;
use crate::fused::UNetShape;
use crate::metric::{Classifier, Moments, frechet};
use crate::points::Points;
use std::f64::consts::LN_2;

impl Session {
    /// Reads the classifier, a safetensors file, that pictures are judged by from now on.
    pub fn read_classifier(&mut self, file: &[u8]) -> Result<(), FlowError> {
        self.classifier = Some(Classifier::new(weights::read(&Classifier::layout(), file)?.concat()));
        Ok(())
    }

    /// The features of pictures, and the scores of their digits.
    fn seen(&self, pictures: &Points) -> Option<[Points; 2]> {
        let classifier = self.classifier.as_ref().filter(|_| self.experiment.data.kind.is_of_pictures())?;
        let [_, colors] = UNetShape::of_pictures(self.dim())?;
        Some(classifier.see(pictures, colors))
    }

    /// What the Fréchet distance knows of pictures.
    pub(super) fn moments(&self, pictures: &Points) -> Option<Moments> {
        Moments::of(&self.seen(pictures)?[0])
    }

    /// That of each pair of some sets.
    pub(super) fn frechet_pairs(&self, sets: &[Points]) -> Option<Vec<f64>> {
        let known = sets.iter().map(|set| self.moments(set)).collect::<Option<Vec<_>>>()?;
        let pairs = known.iter().enumerate().flat_map(|(i, a)| known[..i].iter().map(move |b| (a, b)));
        pairs.map(|(a, b)| frechet(a, b)).collect()
    }

    pub(super) fn measure_pictures(&self, generated: &Points, truth: &Points, found: &mut Measurement) {
        let Some([features, scores]) = self.seen(generated) else { return };
        found.accuracy = self.accuracy(&scores);
        let is_compared = self.why_no_truth().is_none();
        let truth = is_compared.then(|| self.moments(truth)).flatten();
        found.frechet = truth.and_then(|truth| frechet(&Moments::of(&features)?, &truth));
        let floor = found.frechet.and_then(|_| self.floor(FloorOf::Frechet, found.n));
        found.frechet_floor = floor.map(|floor| floor.mean);
        found.frechet_floor_spread = floor.map(|floor| floor.spread);
    }

    /// The share of pictures that are taken for the digit asked for, by their scores, if the class that is asked for is one.
    fn accuracy(&self, scores: &Points) -> Option<f64> {
        let Given::Class(class) = self.asked.as_ref().filter(|asked| asked.guidance != 0.0)?.given else { return None };
        let wanted: usize = self.classes().get(class)?.parse().ok()?;
        let right = Classifier::digits(scores).filter(|&digit| digit == wanted).count();
        (wanted < scores.dim()).then(|| right as f64 / scores.len() as f64)
    }

    /// The NLL in bits a pixel: a gray k of L became 2(k + U)/L - 1, where the density is L/2 times as high as k's probability.
    pub(super) fn tell_bits(&self, found: &mut Measurement) {
        let Some(grays) = self.experiment.data.kind.num_grays() else { return };
        let bits = |nats: f64| nats / (self.dim() as f64 * LN_2);
        found.bits_per_dim = found.nll.map(|nll| bits(nll) + libm::log2(0.5 * grays as f64));
        found.bits_per_dim_standard_error = found.nll_standard_error.map(bits);
    }
}
