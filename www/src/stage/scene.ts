// What a stage is asked to show, and the marks it comes to at one width.
import type { Picture } from "./frame";
import {
  backdropLayers,
  type LayerOptions,
  type LayerSwitches,
  marksOf,
  movingLayers,
  type NamedMarks,
  stillLayers,
} from "./layers";
import type { Frame } from "./layers/layer";
import { projectLine } from "./line";
import type { Palette } from "./marks";
import { project } from "./projection";
import { type Camera, viewBox } from "./view";

export interface Scene {
  picture: Picture;
  /** coordinates of a point: one is seen against time */
  dim: number;
  /** where the data's own units were centered, and scaled by */
  center: readonly number[];
  scale: readonly number[];
  camera: Camera;
  layers: LayerSwitches;
  options: LayerOptions;
  palette: Palette;
  t: number;
}

/** As high as suits its width, unless there is less. */
export function frameOf(
  { picture, dim, center, scale, camera, options, t }: Scene,
  width: number,
  height?: number,
): Frame {
  const projected = dim === 1 ? projectLine : project;
  return { picture, options, t, projection: projected(width, viewBox(center, scale, camera), height) };
}

/** Everything in the scene, in the order in which it is painted. */
export function marksOfScene(scene: Scene, width: number, height?: number): NamedMarks[] {
  const { layers } = scene;
  const painted = [...backdropLayers(layers), ...stillLayers(layers), ...movingLayers(layers)];
  return marksOf(painted, frameOf(scene, width, height));
}
