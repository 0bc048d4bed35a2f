namespace PrivateInference.Runtime.Tests.Engine;

/// <summary>
/// χ² tests of the hypothesis that words, observed over many runs, are uniform and independent. Each rejects true
/// uniformity with probability below 1e-9, so a failure is a defect and not chance.
/// </summary>
internal static class Uniformity
{
    private const double Deviations = 6.5;
    private const int ByteValues = 256;

    /// <summary>The first property that the words fail, or null.</summary>
    /// <param name="runs">[run][word].</param>
    /// <param name="bits">Bits of a word.</param>
    public static string? Objection(IReadOnlyList<ulong[]> runs, int bits)
    {
        if (!IsBalanced(runs, bits))
            return "A bit is not balanced over the runs.";
        if (!IsBalanced([.. runs.Skip(1).Zip(runs, Difference)], bits))
            return "A run's words depend on those of the run before.";
        if (runs[0].Length > 1 && !IsBalanced([.. runs.Select(r => Difference(r[1..], r[..^1]))], bits))
            return "A word depends on the one beside it.";
        return bits >= 8 && !HasUniformBytes(runs, bits) ? "The words' bytes are not uniform." : null;
    }

    // Σ (ones − zeros)² / runs over all bits of all words has χ² distribution with one degree of freedom a bit.
    private static bool IsBalanced(IReadOnlyList<ulong[]> runs, int bits)
    {
        double statistic = 0;
        for (int word = 0; word < runs[0].Length; word++)
        {
            for (int bit = 0; bit < bits; bit++)
            {
                int excess = runs.Sum(r => ((r[word] >> bit) & 1) == 1 ? 1 : -1);
                statistic += (double)excess * excess / runs.Count;
            }
        }

        return statistic < UpperBound(runs[0].Length * bits);
    }

    private static bool HasUniformBytes(IReadOnlyList<ulong[]> runs, int bits)
    {
        foreach (int shift in new[] { 0, bits - 8 })
        {
            int[] counts = new int[ByteValues];
            foreach (ulong word in runs.SelectMany(r => r))
                counts[(word >> shift) & (ByteValues - 1)]++;
            double expected = (double)runs.Count * runs[0].Length / ByteValues;
            if (counts.Sum(c => (c - expected) * (c - expected) / expected) >= UpperBound(ByteValues - 1))
                return false;
        }

        return true;
    }

    private static ulong[] Difference(ulong[] left, ulong[] right) => [.. left.Zip(right, (a, b) => a - b)];

    // Wilson and Hilferty (1931): the cube root of χ²/n is close to normal.
    private static double UpperBound(int degrees)
    {
        double variance = 2.0 / (9 * degrees);
        return degrees * Math.Pow(1 - variance + (Deviations * Math.Sqrt(variance)), 3);
    }
}
