"""What is given as points, and the page that is made of it."""

import io
import json
import unittest
import zipfile

import numpy as np
import pandas as pd

from flow_playground import Playground, __version__
from flow_playground._points import points_from

RING = np.c_[np.cos(np.arange(40.0)), np.sin(np.arange(40.0))]


def files_of(page):
    return {name: zipfile.ZipFile(io.BytesIO(page)).read(name) for name in zipfile.ZipFile(io.BytesIO(page)).namelist()}


class Points(unittest.TestCase):
    def test_arrays_of_any_kind_are_rows_of_numbers(self):
        for given in (RING, RING.astype(np.float32).astype(float), RING.tolist(), np.asfortranarray(RING)):
            points = points_from(given)
            np.testing.assert_allclose(points.values, RING, atol=1e-7)
            self.assertEqual(points.columns, ["x", "y"])
        self.assertEqual(points_from(np.arange(5)).values.shape, (5, 1))
        self.assertEqual(points_from(np.zeros((5, 3))).columns, ["x1", "x2", "x3"])

    def test_a_frame_keeps_its_names_and_gives_its_labels(self):
        frame = pd.DataFrame({"u": RING[:, 0], "kind": ["b", "a"] * 20, "v": RING[:, 1]})
        points = points_from(frame, label="kind")
        self.assertEqual(points.columns, ["u", "v"])
        np.testing.assert_array_equal(points.values, RING)
        self.assertEqual((points.labels.column, points.labels.classes), ("kind", ["a", "b"]))
        self.assertEqual(points.labels.of[:4].tolist(), [1, 0, 1, 0])
        observed = points_from(frame[["u", "v"]], observed="v")
        self.assertEqual((observed.columns, observed.observed.column), (["u"], "v"))
        np.testing.assert_array_equal(observed.observed.of, RING[:, 1])

    def test_what_cannot_be_used_is_refused_in_a_sentence(self):
        frame = pd.DataFrame({"u": [1.0, np.nan], "word": ["a", "b"]})
        for given, label, words in [
            (frame[["u"]], None, "missing"),
            (frame[["word"]], None, "'word' holds what is no number"),
            (frame, "none", "no column 'none'"),
            (RING, "kind", "give the values themselves"),
            (RING, np.zeros(3), "one for each of the 40 points"),
            (np.zeros((2, 2, 2)), None, "an array of 2 dimensions"),
        ]:
            with self.assertRaisesRegex(ValueError, words):
                points_from(given, label=label)


class Pages(unittest.TestCase):
    def test_a_page_has_the_points_and_the_settings(self):
        play = Playground(RING, label=["p", "q"] * 20, panels=["flow-matching;condition.kind:class", "ddpm"], above_floor=True)
        files = files_of(play._page)
        text = json.loads(files["flow-playground.json"])
        self.assertEqual(text["software"], f"Flow Playground {__version__}")
        self.assertIn("panels=flow-matching;condition.kind:class,ddpm&above-floor=yes&data=points&v=1", text["link"])
        self.assertEqual(text["points"]["labels"], {"column": "class", "classes": ["p", "q"]})
        np.testing.assert_array_equal(np.load(io.BytesIO(files["points.npy"])), RING)
        np.testing.assert_array_equal(np.load(io.BytesIO(files["labels.npy"]))[:, 0], [0, 1] * 20)

    def test_without_points_settings_are_attributes(self):
        play = Playground(data="rings", width=16, device="cpu")
        self.assertEqual((play._page, play._attributes), (b"", {"data": "rings", "width": "16", "device": "cpu"}))

    def test_what_came_out_is_numbers(self):
        play = Playground(pd.DataFrame({"u": RING[:, 0], "v": RING[:, 1]}))
        self.assertIsNone(play.samples)
        told = {"method": "flow-matching", "step": 2, "dim": 2, "weights": memoryview(b"abc")}
        told["samples"] = memoryview(np.array([[1.0, 2.0], [3.0, 4.0]]).tobytes())
        told["losses"] = memoryview(np.array([[1.0, 0.5], [2.0, 0.25]]).tobytes())
        play._results = {"a": told}
        self.assertEqual(play.samples.to_dict("list"), {"u": [1.0, 3.0], "v": [2.0, 4.0]})
        self.assertEqual((play.losses.tolist(), play.result("a")["loss_steps"].tolist()), ([0.5, 0.25], [1, 2]))
        self.assertEqual(play.weights, b"abc")

    def test_orders_are_kept_until_they_are_carried_out(self):
        play = Playground()
        play.train(5)
        play.pause()
        self.assertEqual([one["do"] for one in play._orders], ["train", "pause"])
        play._handled = 2
        play.train()
        self.assertEqual(play._orders, [{"id": 3, "do": "train", "steps": None}])


if __name__ == "__main__":
    unittest.main()
