using PrivateInference.Runtime.Numerics;

namespace PrivateInference.Runtime.Plan;

/// <summary>
/// Real numbers as ring elements: integer = round(x · scale), halves to even. The client clamps its input to the analysed
/// range [Minimum, Maximum] first, because the plan promises nothing outside it.
/// </summary>
public static class FixedPointEncoding
{
    /// <summary>Encodes a tensor for <paramref name="value"/>, clamped to its range.</summary>
    /// <exception cref="ArgumentException">The lengths differ, or an element is not a number.</exception>
    public static void Encode(PlanValue value, Ring ring, ReadOnlySpan<float> elements, Span<ulong> words)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (elements.Length != value.Count || words.Length != value.Count)
            throw new ArgumentException($"'{value.Name}' has {value.Count} elements ({string.Join('x', value.Shape)}), not {elements.Length}.", nameof(elements));
        for (int i = 0; i < elements.Length; i++)
        {
            if (float.IsNaN(elements[i]))
                throw new ArgumentException($"Element {i} of '{value.Name}' is not a number.", nameof(elements));
            words[i] = ring.FromSigned(ToInteger(Math.Clamp(elements[i], value.Minimum, value.Maximum), value.Scale));
        }
    }

    /// <summary>round(x · scale), halves to even.</summary>
    /// <exception cref="OverflowException">The result does not fit 64 bits.</exception>
    public static long ToInteger(double x, double scale) => checked((long)Math.Round(x * scale, MidpointRounding.ToEven));

    /// <summary>round(x · scale), halves to even.</summary>
    /// <exception cref="OverflowException">The result does not fit 128 bits.</exception>
    public static Int128 ToWideInteger(double x, double scale) => checked((Int128)Math.Round(x * scale, MidpointRounding.ToEven));

    /// <summary>The real numbers that ring elements of <paramref name="value"/> stand for.</summary>
    public static void Decode(PlanValue value, Ring ring, ReadOnlySpan<ulong> words, Span<float> elements)
    {
        ArgumentNullException.ThrowIfNull(value);
        for (int i = 0; i < words.Length; i++)
            elements[i] = (float)(ring.ToSigned(words[i]) / value.Scale);
    }
}
