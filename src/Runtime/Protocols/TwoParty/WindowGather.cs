using PrivateInference.Runtime.Plan;

namespace PrivateInference.Runtime.Protocols.TwoParty;

/// <summary>
/// Lays out the inputs of a pooled step window by window, so that every instance of its circuit has the same k inputs. A
/// window position outside the image repeats one inside it: the maximum does not change, and no instance is special.
/// </summary>
internal static class WindowGather
{
    /// <summary>Copies a tensor's words to [output element][window position].</summary>
    public static ulong[] Gather(PoolGeometry pool, ReadOnlySpan<ulong> input)
    {
        int size = pool.WindowSize, plane = pool.InputHeight * pool.InputWidth;
        int[] indices = PlaneIndices(pool);
        ulong[] gathered = new ulong[pool.OutputCount * size];
        for (int p = 0, target = 0; p < pool.Planes; p++)
        {
            ReadOnlySpan<ulong> source = input.Slice(p * plane, plane);
            foreach (int index in indices)
                gathered[target++] = source[index];
        }

        return gathered;
    }

    private static int[] PlaneIndices(PoolGeometry pool)
    {
        int[] indices = new int[pool.OutputHeight * pool.OutputWidth * pool.WindowSize];
        int next = 0;
        for (int y = 0; y < pool.OutputHeight; y++)
        {
            for (int x = 0; x < pool.OutputWidth; x++)
            {
                PoolWindow window = PoolWindow.At(pool, y, x);
                for (int i = 0; i < pool.WindowSize; i++)
                    indices[next++] = window.IndexOf(Math.Min(i, window.Count - 1));
            }
        }

        return indices;
    }
}
