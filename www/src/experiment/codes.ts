// What is said of the codes of the real digits on a plane.
import { msg } from "../language";

/**
 * Of the digits that the autoencoder never saw, how far decoded codes are from them, and how far the mean of all others is: root
 * mean squares over pixels from 0 to 1.
 */
export const ERRORS_OF_CODES = { decoded: 0.17, mean: 0.27 } as const;

const { decoded, mean } = ERRORS_OF_CODES;

export const ERROR_OF_CODES = msg(
  `A digit that it never saw differs from what its code decodes to by ${decoded}, the root mean square over pixels from 0 to 1; from the mean picture by ${mean}.`,
);

export const OF_CODES_ALONE = msg(
  "Points are codes of pictures: likelihoods and distances are those of the codes in the plane, and none of pictures.",
);
