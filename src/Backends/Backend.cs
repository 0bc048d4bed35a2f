using System.Collections.Immutable;

namespace PrivateInference.Backends;

/// <summary>A way to choose protocols for a plan's steps.</summary>
/// <param name="Name">What the user asks for.</param>
/// <param name="PlanName">What the plan records: an alias resolves to the backend it stands for.</param>
/// <param name="Description">One line for people.</param>
public sealed record Backend(string Name, string PlanName, string Description)
{
    public static ImmutableArray<Backend> All { get; } =
    [
        new("hybrid", "hybrid", "RLWE masks offline for linear layers; for each other step the faster of garbled circuit and oblivious transfer on the given network") { ChoosesMethods = true },
        new("gc", "gc", "RLWE masks offline for linear layers, garbled circuits for the rest"),
        new("poly", "poly", "linear layers and polynomial activations only, one round a polynomial; refuses what compares")
        {
            HasComparisons = false,
            DefaultTruncation = Truncation.Faithful,
        },
    ];

    /// <summary>Whether each non-linear step's method is chosen by predicted time.</summary>
    public bool ChoosesMethods { get; private init; }

    public static Backend Default => All[0];

    /// <summary>Whether there is a protocol for signs and maxima.</summary>
    public bool HasComparisons { get; private init; } = true;

    public Truncation DefaultTruncation { get; private init; } = Truncation.Exact;

    /// <exception cref="ArgumentException">There is no such backend; the message lists those there are.</exception>
    public static Backend Find(string name) => All.FirstOrDefault(b => b.Name == name)
        ?? throw new ArgumentException($"There is no backend '{name}'; there are {string.Join(", ", All.Select(b => b.Name))}.", nameof(name));
}
