using System.Collections.Immutable;
using PrivateInference.Backends.Analysis;
using PrivateInference.Backends.Lowering.Steps;
using PrivateInference.IR;
using PrivateInference.IR.Analysis;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Backends.Emission;

/// <summary>One check at the end of the plan for the inputs of all its polynomials.</summary>
/// <param name="margin">By what part of its width an interval is widened at each end.</param>
internal sealed class RangeCheckEmission(double margin)
{
    /// <summary>Bits of the narrowest interval's width that are compared: every bit more is sent, and a unit is a 4096th of the width.</summary>
    private const int WidthBits = 12;

    private readonly List<(int Value, Interval Interval)> _checked = [];

    /// <param name="value">The plan's value that the polynomial reads.</param>
    /// <param name="step">The polynomial, whose interval is known.</param>
    public void Add(int value, RealPolynomial step)
    {
        Interval fitted = step.Fitted!.Value;
        double slack = margin * (fitted.Maximum - fitted.Minimum);
        _checked.Add((value, new Interval(fitted.Minimum - slack, fitted.Maximum + slack)));
    }

    /// <summary>Appends the check; nothing may come after it but the output.</summary>
    public void Append(DraftProgram draft)
    {
        ValueRange bit = new(new ChannelMap(1, 1), [new Interval(0, 1)]);
        draft.Add(new DraftValue("range-check", new Shape(1), FixedScale.PowerOfTwo(0), bit, [0]), (resolution, output) =>
        {
            int width = _checked.Min(c => Math.ILogB(Math.Max(1, (c.Interval.Maximum - c.Interval.Minimum) * draft.Values[c.Value].Scale.Value)));
            int shift = Math.Clamp(width - WidthBits, 0, resolution.RingBits - RangeCheckStep.MinBits);
            return new RangeCheckStep
            {
                Name = "range-check",
                Output = output,
                Checked = [.. _checked.Select(c => c.Value)],
                Lower = Bounds(c => Math.Floor(Place(c, c.Interval.Minimum))),
                Upper = Bounds(c => Math.Ceiling(Place(c, c.Interval.Maximum))),
                Shift = shift,
            };

            double Place((int Value, Interval) check, double bound)
                => Math.ScaleB((bound * draft.Values[check.Value].Scale.Value) + draft.Values[check.Value].Offset, -shift);

            // An interval that leaves the ring has no end there to leave by.
            ImmutableArray<long> Bounds(Func<(int Value, Interval Interval), double> bound)
            {
                long limit = (1L << (resolution.RingBits - shift - 1)) - 1;
                return [.. _checked.Select(c => (long)Math.Clamp(bound(c), -Math.ScaleB(1, 62), Math.ScaleB(1, 62))).Select(b => Math.Clamp(b, -limit, limit))];
            }
        });
    }
}
