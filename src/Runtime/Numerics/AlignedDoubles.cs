using System.Runtime.InteropServices;

namespace PrivateInference.Runtime.Numerics;

/// <summary>
/// Memory for kernels that starts where a cache line does. A 512-bit vector is a line, and one that lies across two takes two
/// loads.
/// </summary>
internal static class AlignedDoubles
{
    private const int Line = 64;

    /// <summary>So many zeros. The garbage collector does not move them.</summary>
    public static Memory<double> Allocate(int length)
    {
        var array = GC.AllocateArray<double>(length + (Line / sizeof(double)) - 1, pinned: true);
        var address = (nuint)Marshal.UnsafeAddrOfPinnedArrayElement(array, 0);
        var skipped = (int)((Line - (address % Line)) % Line) / sizeof(double);
        return array.AsMemory(skipped, length);
    }
}
