def main():
    if ARGUMENTS.train or not WEIGHTS.exists():
        weights = train()
        save_file({name: value.detach().cpu().contiguous() for name, value in weights.items()}, WEIGHTS)
        print(f"wrote {WEIGHTS.name}")
    weights = load()
    torch.manual_seed(EXPERIMENT["seed"])
    samples = own_units(generate(weights, sample_noise(ARGUMENTS.samples)))
    # With the mark that tells Excel of UTF-8, and names in quotes that are no formulas.
    with open(HERE / "samples.csv", "w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC)
        writer.writerow(["'" + name if name.lstrip()[:1] in tuple("=+-@") else name for name in COLUMNS])
        writer.writerows(samples.tolist())
    print(f"wrote samples.csv: {len(samples)} points of mean {samples.mean(0)} and spread {samples.std(0)}")


def load():
    return {name: value.to(DEVICE) for name, value in load_file(WEIGHTS).items()}


def own_units(x):
    """From the model's units to the data's own, whose 0 may be too far off for 32 bits."""
    return x.cpu().numpy().astype(np.float64) * SCALE + CENTER


if __name__ == "__main__":
    main()
