using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Runtime.Protocols.TwoParty.Comparison;

/// <summary>
/// Maxima of windows as a tree of max(x, y) = y + max(x − y, 0), on one party's shares: all but the ReLUs is linear. Elements
/// are [window position][output element], so that a level takes neighbouring positions together; an odd one waits.
/// </summary>
internal static class WindowMaxima
{
    /// <summary>The positions that are left after each level, from all on: k, ⌈k/2⌉, …, 2.</summary>
    public static IEnumerable<int> Levels(int windowSize)
    {
        for (int positions = windowSize; positions > 1; positions = (positions + 1) / 2)
            yield return positions;
    }

    /// <summary>A tensor's elements by window position; the tensor itself where there is no pool.</summary>
    public static ulong[] Load(PoolGeometry? pool, ReadOnlySpan<ulong> share)
    {
        if (pool is null)
            return share.ToArray();
        ulong[] windows = WindowGather.Gather(pool, share), elements = new ulong[windows.Length];
        int size = pool.WindowSize, count = pool.OutputCount;
        for (int i = 0; i < count; i++)
        {
            for (int position = 0; position < size; position++)
                elements[(position * count) + i] = windows[(i * size) + position];
        }

        return elements;
    }

    /// <summary>x − y of each pair.</summary>
    public static ulong[] Differences(Ring ring, ReadOnlySpan<ulong> elements, int count)
    {
        int pairs = elements.Length / count / 2;
        ulong[] differences = new ulong[pairs * count];
        for (int pair = 0; pair < pairs; pair++)
            ring.Subtract(Position(elements, 2 * pair, count), Position(elements, (2 * pair) + 1, count), differences.AsSpan(pair * count, count));
        return differences;
    }

    /// <summary>y + max(x − y, 0) of each pair, and the odd position.</summary>
    public static ulong[] Maxima(Ring ring, ReadOnlySpan<ulong> elements, ReadOnlySpan<ulong> relus, int count)
    {
        int positions = elements.Length / count, pairs = positions / 2;
        ulong[] maxima = new ulong[(positions - pairs) * count];
        for (int pair = 0; pair < pairs; pair++)
            ring.Add(Position(elements, (2 * pair) + 1, count), Position(relus, pair, count), maxima.AsSpan(pair * count, count));
        if (positions % 2 != 0)
            Position(elements, positions - 1, count).CopyTo(maxima.AsSpan(pairs * count));
        return maxima;
    }

    private static ReadOnlySpan<ulong> Position(ReadOnlySpan<ulong> elements, int position, int count) => elements.Slice(position * count, count);
}
