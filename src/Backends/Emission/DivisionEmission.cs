using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Backends.Emission;

/// <summary>Divisions by powers of two that round to a neighbour.</summary>
internal static class DivisionEmission
{
    /// <summary>A plan's value with so many bits of magnitude at most, by a polynomial that only divides.</summary>
    public static int Faithful(EmissionContext context, int value, string name, int bits)
    {
        DraftValue input = context.Draft.Values[value];
        int shift = Shift(input, bits);
        DraftValue divided = Divided(input, shift);
        Spare(input);
        return context.Draft.Add(divided, (_, output) => new PolynomialStep
        {
            Name = name,
            Output = output,
            Input = value,
            Degree = 1,
            Inner = divided.Shape.Count,
            Coefficients = [0, 1],
            InputShift = shift,
        });
    }

    /// <summary>A plan's value with so many bits of magnitude at most, each party on its own.</summary>
    public static int Local(EmissionContext context, int value, string name, int bits)
    {
        DraftValue input = context.Draft.Values[value];
        int shift = Shift(input, bits);
        context.Draft.NeedsLargestRing = true;
        return context.Draft.Add(Divided(input, shift), (_, output) => new TruncateStep { Name = name, Output = output, Input = value, Shift = shift });
    }

    /// <summary>Bits to drop so that so many bits of magnitude are left.</summary>
    public static int Shift(DraftValue value, int bits) => Math.Min(ScaleSelection.Excess(value.Scale, value.Range.Hull, bits), value.Bits() - 1);

    /// <summary>The value divided, off by less than a unit; itself where nothing is dropped.</summary>
    public static DraftValue Divided(DraftValue value, int shift) => shift == 0
        ? value
        : new(value.Name + ".truncated", value.Shape, value.Scale.Shift(-shift), value.Range, [.. value.Error.Select(e => e + Math.ScaleB(1 / value.Scale.Value, shift))]);

    /// <summary>Has the ring hold the value and a bit that stays unused, as dividing it by a polynomial's protocol takes.</summary>
    public static void Spare(DraftValue value) => value.SpareBits = 1;
}
