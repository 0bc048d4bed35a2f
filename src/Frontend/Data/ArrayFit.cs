using PrivateInference.IR;

namespace PrivateInference.Frontend.Data;

/// <summary>How the elements of an array become those of a sample.</summary>
/// <param name="Source">The element of the array for each element of the sample; null where they are the same.</param>
/// <param name="Conversion">What is done, for people; null where nothing is.</param>
internal sealed record ArrayFit(Func<int, int>? Source, string? Conversion)
{
    private static readonly ArrayFit _asItIs = new(null, null);

    /// <summary>The one way to read an array of a shape as a sample, axes of size one aside; null where there is none.</summary>
    public static ArrayFit? Find(ReadOnlySpan<int> array, Shape sample)
    {
        int[] from = WithoutOnes(array), to = WithoutOnes(sample.Dimensions.AsSpan());
        if (from.SequenceEqual(to))
            return _asItIs;
        if (Count(from) != Count(to))
            return null;
        if (from.Length == 1 || to.Length == 1)
            return new ArrayFit(null, $"arrays of shape {string.Join('x', array.ToArray())} are read row after row as {sample}");
        int pixels = Count(to) / 3;
        if (from is [var height, var width, 3] && to is [3, _, _] && to[1] == height && to[2] == width)
            return new ArrayFit(i => (i % pixels * 3) + (i / pixels), "channels are moved from the last axis to the first");
        if (from is [3, var planeHeight, var planeWidth] && to is [_, _, 3] && to[0] == planeHeight && to[1] == planeWidth)
            return new ArrayFit(i => (i % 3 * pixels) + (i / 3), "channels are moved from the first axis to the last");
        return null;
    }

    private static int[] WithoutOnes(ReadOnlySpan<int> dimensions) => [.. dimensions.ToArray().Where(d => d != 1)];

    private static int Count(int[] dimensions) => dimensions.Aggregate(1, (product, d) => product * d);
}
