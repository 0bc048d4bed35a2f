using System.Collections.Immutable;
using PrivateInference.Backends.Analysis;
using PrivateInference.Backends.Lowering;
using PrivateInference.Backends.Lowering.Steps;

namespace PrivateInference.Backends.Emission;

/// <summary>The program to emit, what is known of it, and the plan so far.</summary>
internal sealed class EmissionContext
{
    private readonly ImmutableArray<ValueRange> _ranges;
    private readonly int[] _values;

    public EmissionContext(RealProgram program, ImmutableArray<ValueRange> ranges, int activationBits, int weightBits, TruncationPolicy policy, Truncation truncation, int powerRingBits)
    {
        Program = program;
        ActivationBits = activationBits;
        WeightBits = weightBits;
        Policy = policy;
        Truncation = truncation;
        PowerRingBits = powerRingBits;
        Rounding = new RoundingConstants(program, Draft);
        _ranges = ranges;
        _values = new int[program.Steps.Length];
    }

    public RealProgram Program { get; }

    public int ActivationBits { get; }

    public int WeightBits { get; }

    public TruncationPolicy Policy { get; }

    public Truncation Truncation { get; }

    /// <summary>The largest ring of a polynomial's powers, where it has one of its own.</summary>
    public int PowerRingBits { get; }

    public DraftProgram Draft { get; } = new();

    public RoundingConstants Rounding { get; }

    /// <summary>Values that a linear step needed truncated, by program step.</summary>
    public Dictionary<int, int> Truncated { get; } = [];

    /// <summary>What a range check at the end checks.</summary>
    public RangeCheckEmission? RangeCheck { get; init; }

    /// <summary>Has the plan's range check, where one is wanted, check a polynomial's input.</summary>
    public void Check(int value, RealPolynomial step) => RangeCheck?.Add(value, step);

    public void SetValue(int step, int value) => _values[step] = value;

    /// <summary>The plan's value for a program step.</summary>
    public int ValueOf(int step) => _values[step];

    /// <summary>The plan's value for a program step, before its bits are known.</summary>
    public DraftValue DraftOf(int step) => Draft.Values[_values[step]];

    public ValueRange RangeOf(int step) => _ranges[step];

    /// <summary>The value that a program step defines.</summary>
    public DraftValue Define(int step, FixedScale scale, double[] error, double? roundingError = null)
    {
        RealStep real = Program.Steps[step];
        return new DraftValue(real.Source.Name, real.Shape, scale, _ranges[step], error) { RoundingError = roundingError };
    }
}
