using PrivateInference.IR;
using PrivateInference.IR.Execution;

namespace PrivateInference.Passes.Polynomials;

/// <summary>The points that polynomials are fitted to.</summary>
internal static class ActivationPoints
{
    /// <summary>As many as PILLAR fits to.</summary>
    private const int RangePoints = 1000;

    /// <summary>Evenly spaced points of an activation.</summary>
    public static PolynomialMoments On(FitRange range, Operation activation, int degree)
        => Channels([Tensor.FromFloats(new Shape(1, RangePoints), range.Points(RangePoints))], activation, axis: 0, degree)[0];

    /// <summary>For each channel what an activation gets and gives.</summary>
    /// <param name="inputs">What it gets, one tensor a sample.</param>
    /// <param name="activation">A function of one value.</param>
    /// <param name="axis">The axis of the channels.</param>
    /// <param name="degree">Of the polynomial to fit.</param>
    public static PolynomialMoments[] Channels(Tensor[] inputs, Operation activation, int axis, int degree)
    {
        Shape shape = inputs[0].Shape;
        int inner = shape.Strides()[axis];
        PolynomialMoments[] channels = [.. Enumerable.Range(0, shape[axis]).Select(_ => new PolynomialMoments(degree))];
        foreach (Tensor input in inputs)
        {
            ReadOnlySpan<float> x = input.Floats, y = FloatInterpreter.Evaluate(activation, [input]).Floats;
            for (int i = 0; i < x.Length; i++)
                channels[i / inner % channels.Length].Add(x[i], y[i]);
        }

        return channels;
    }

    /// <summary>Of the elements of some channels, the part outside of a range; and the range that they reach over.</summary>
    public static (double Outside, FitRange Seen) Reach(Tensor[] inputs, int axis, int[] channels, FitRange range)
    {
        Shape shape = inputs[0].Shape;
        int inner = shape.Strides()[axis];
        bool[] counted = new bool[shape[axis]];
        foreach (int channel in channels)
            counted[channel] = true;
        (long outside, long all, FitRange seen) = (0, 0, new FitRange(double.PositiveInfinity, double.NegativeInfinity));
        foreach (Tensor input in inputs)
        {
            ReadOnlySpan<float> x = input.Floats;
            for (int i = 0; i < x.Length; i++)
            {
                if (!counted[i / inner % counted.Length])
                    continue;
                all++;
                outside += x[i] >= range.Minimum && x[i] <= range.Maximum ? 0 : 1;
                seen = new FitRange(Math.Min(seen.Minimum, x[i]), Math.Max(seen.Maximum, x[i]));
            }
        }

        return ((double)outside / Math.Max(1, all), seen);
    }
}
