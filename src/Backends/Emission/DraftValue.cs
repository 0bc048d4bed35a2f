using System.Collections.Immutable;
using PrivateInference.Backends.Analysis;
using PrivateInference.IR;
using PrivateInference.IR.Analysis;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Backends.Emission;

/// <summary>A value of the plan before its bits are known.</summary>
internal sealed class DraftValue(string name, Shape shape, FixedScale scale, ValueRange range, double[] error)
{
    /// <summary>Covers what this analysis itself loses in double precision, which matters beyond 50 bits.</summary>
    private const double DoubleGuard = 1.0 / (1L << 48);

    public string Name { get; } = name;

    public Shape Shape { get; } = shape;

    public FixedScale Scale { get; } = scale;

    public ValueRange Range { get; } = range;

    /// <summary>Worst-case absolute error of the real value, per channel of the range's map.</summary>
    public double[] Error { get; } = error;

    /// <summary>A rounding constant for a later truncation, as an integer that every element carries on top of its value.</summary>
    public long Offset { get; set; }

    /// <summary>At least so many bits, whatever the range: a step that drops some reads one more.</summary>
    public int MinimumBits { get; set; } = 1;

    /// <summary>Bits that the ring has beyond those of this value: a faithful division leaves one unused.</summary>
    public int SpareBits { get; set; }

    /// <summary>
    /// How far an integer that a quantised model rounds to may be off, where this counts from the step before; rounding is part
    /// of the model, so <see cref="Error"/> starts afresh there.
    /// </summary>
    public double? RoundingError { get; init; }

    /// <summary>
    /// The fewest bits that hold every integer of the analysed range, errors and rounding constant included. On calibrated
    /// ranges an error bound above the range itself says nothing; the calibration's margin, checked by execution, stands in.
    /// </summary>
    public int Bits()
    {
        double cap = Range.IsCalibrated ? Range.Hull.Magnitude : double.PositiveInfinity;
        double lowest = 0, highest = 0;
        for (int c = 0; c < Error.Length; c++)
        {
            double slack = Math.Min(Error[c], cap);
            lowest = Math.Min(lowest, ((Range.Channels[c].Minimum - slack) * Scale.Value) + Math.Min(Offset, 0));
            highest = Math.Max(highest, ((Range.Channels[c].Maximum + slack) * Scale.Value) + Math.Max(Offset, 0));
        }

        (lowest, highest) = (lowest * (1 + DoubleGuard), highest * (1 + DoubleGuard));
        int bits = MinimumBits;
        while (Math.Floor(lowest) < -Math.ScaleB(1, bits - 1) || Math.Ceiling(highest) >= Math.ScaleB(1, bits - 1))
            bits++;
        return bits;
    }

    /// <summary>
    /// The public facts. Ranges and bounds are functions of the weights, so they are rounded outwards to four significant
    /// bits; the input's range is the user's own and stays exact, as the client clamps to it.
    /// </summary>
    /// <param name="isInput">Whether this is the model's input.</param>
    /// <param name="unit">The scale of a quantised tensor: what one unit of this value stands for.</param>
    public PlanValue ToPlanValue(bool isInput, double unit)
    {
        int bits = Bits();
        double limit = Math.ScaleB(1, bits - 1) / Scale.Value, step = Math.Max(1 / Scale.Value, limit * DoubleGuard);
        Interval hull = isInput ? Range.Hull : Range.Hull.RoundOutwards().Intersect(new Interval(-limit + step, limit - step));
        return new PlanValue
        {
            Name = Name,
            Shape = [.. Shape.Dimensions],
            Scale = Scale.In(unit),
            Bits = bits,
            Minimum = hull.Minimum * unit,
            Maximum = hull.Maximum * unit,
            ErrorBound = Interval.RoundUp((RoundingError ?? Error.Max()) + (Math.Abs((double)Offset) / Scale.Value)) * unit,
        };
    }

    /// <summary>The error under another map of the same elements.</summary>
    public double[] ErrorUnder(ChannelMap map) => map == Range.Map ? Error : Range.Map.Regroup(ImmutableArray.Create(Error), map, Shape.Count, Math.Max);
}
