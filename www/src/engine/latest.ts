/**
 * For a value asked for again and again while something moves (a heat map under a slider): at most one call is
 * under way and one waits. A newer call takes the place of the one waiting, which resolves with undefined.
 */
export function latestWins<Args extends unknown[], Result>(
  call: (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result | undefined> {
  let underWay: Promise<unknown> | undefined;
  let supersede: (() => void) | undefined;

  return async (...args) => {
    supersede?.();
    let superseded = false;
    supersede = () => {
      superseded = true;
    };
    while (underWay !== undefined) await underWay;
    if (superseded) return undefined;
    supersede = undefined;
    const result = call(...args);
    underWay = result.then(
      () => undefined,
      () => undefined,
    );
    void underWay.then(() => {
      underWay = undefined;
    });
    return result;
  };
}
