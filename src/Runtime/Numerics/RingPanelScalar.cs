namespace PrivateInference.Runtime.Numerics;

/// <summary>Products of a panel a word at a time: Arm64 and others, whose vectors do not multiply words of 64 bits.</summary>
internal static class RingPanelScalar
{
    private const int Columns = 4;

    /// <summary>Multiplies two rows of weights by a panel [taps × <see cref="RingPanel.Width"/>].</summary>
    public static void MultiplyTwo(
        ReadOnlySpan<ulong> first, ReadOnlySpan<ulong> second, ReadOnlySpan<ulong> panel, Span<ulong> firstResult, Span<ulong> secondResult)
    {
        for (int column = 0; column < RingPanel.Width; column += Columns)
            MultiplyColumns(first, second, panel[column..], firstResult[column..], secondResult[column..]);
    }

    // Two rows share each load of four columns; the eight sums stay in registers.
    private static void MultiplyColumns(
        ReadOnlySpan<ulong> first, ReadOnlySpan<ulong> second, ReadOnlySpan<ulong> panel, Span<ulong> firstResult, Span<ulong> secondResult)
    {
        ulong u0 = 0, u1 = 0, u2 = 0, u3 = 0, v0 = 0, v1 = 0, v2 = 0, v3 = 0;
        for (int k = 0; k < first.Length; k++)
        {
            ReadOnlySpan<ulong> x = panel.Slice(k * RingPanel.Width, Columns);
            ulong u = first[k], v = second[k];
            (u0, v0) = (u0 + (u * x[0]), v0 + (v * x[0]));
            (u1, v1) = (u1 + (u * x[1]), v1 + (v * x[1]));
            (u2, v2) = (u2 + (u * x[2]), v2 + (v * x[2]));
            (u3, v3) = (u3 + (u * x[3]), v3 + (v * x[3]));
        }

        (firstResult[0], firstResult[1], firstResult[2], firstResult[3]) = (u0, u1, u2, u3);
        (secondResult[0], secondResult[1], secondResult[2], secondResult[3]) = (v0, v1, v2, v3);
    }
}
